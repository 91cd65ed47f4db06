import { type Problem, problem } from '../problems/problem.ts';
import { cleanText } from '../util/clean-text.ts';
import type { SessionMarker } from './streams.ts';

/** The shells of other users in a session: each is reached by a descriptor of the session's shell. */
export interface Children {
  /** Starts the shell of a user, or gives the one there is: its descriptor, when steps may be sent to it. undefined: it was refused, or the session is over. */
  become(user: string, password: string | undefined): Promise<number | undefined>;
  marker(marker: SessionMarker): void;
  sudoSays(chunk: Buffer): void;
  /** The session will end behind what it was sent, and its shells with it. */
  ending(): void;
  /** The session is over. */
  close(): void;
  /** Users that have or had a shell. */
  users(): string[];
  /** Whether sudo wanted a password for this user. */
  asked(user: string): boolean;
}

interface Child {
  user: string;
  password: string | undefined;
  fd: number;
  ready: boolean;
  asked: boolean;
  /** The runtime is on its way into it. */
  fed: boolean;
  gone: boolean;
  settle: (fd: number | undefined) => void;
  opened: Promise<number | undefined>;
}

/** The session's shell has these descriptors for them. */
const firstFd = 5;
const mostChildren = 4;

/**
 * Keeps the children of one session. `send` writes a frame; `refused` tells, once for a user, that nothing can be run as this one:
 * sudo says no, the password is wrong, or the shell has ended.
 */
export function createChildren(options: {
  host: string;
  send(head: string, body?: Buffer): Promise<void>;
  refused(user: string, problem: Problem): void;
}): Children {
  const { host, send } = options;
  const children = new Map<string, Child>();
  let said = '';
  let over = false;
  let isEnding = false;

  const refuse = (child: Child, why: Problem): void => {
    if (child.gone || over) return;
    child.gone = true;
    options.refused(child.user, why);
    child.settle(undefined);
  };

  const start = (user: string, password: string | undefined): Child => {
    let settle: Child['settle'] = () => undefined;
    const opened = new Promise<number | undefined>((resolve) => {
      settle = resolve;
    });
    const fd = firstFd + children.size;
    const child: Child = { user, password, fd, ready: false, asked: false, fed: false, gone: false, settle, opened };
    children.set(user, child);
    if (children.size > mostChildren) {
      refuse(child, problem('E_BECOME_TOO_MANY', { user }));
      return child;
    }
    void send(`#b ${fd} ${password === undefined ? 'n' : 's'} ${user}\n`);
    // Without a password there is nothing to wait for: if sudo refuses, the host passes over what was sent.
    if (password === undefined) settle(fd);
    return child;
  };

  const prompt = (child: Child): void => {
    if (child.password === undefined) return;
    if (child.asked) {
      void send(`#k ${child.fd}\n`);
      refuse(child, problem('E_BECOME_PASSWORD', { user: child.user }));
      return;
    }
    child.asked = true;
    const line = Buffer.from(`${child.password}\n`);
    void send(`#w ${child.fd} ${line.length}\n`, line);
  };

  return {
    become(user, password) {
      const child = children.get(user) ?? start(user, password);
      return child.gone || over ? Promise.resolve(undefined) : child.opened;
    },
    marker(marker) {
      if (!('fd' in marker)) return;
      const child = [...children.values()].find(({ fd }) => fd === marker.fd);
      if (!child) return;
      switch (marker.kind) {
        case 'sudo':
          said = '';
          break;
        case 'prompt':
          prompt(child);
          break;
        case 'child-ready':
          child.ready = true;
          if (child.password !== undefined && !child.fed && !child.gone) {
            child.fed = true;
            void send(`#f ${child.fd}\n`);
            child.settle(child.fd);
          }
          break;
        case 'child-dead':
          // What it did not report before is missed elsewhere.
          if (child.ready && isEnding) break;
          refuse(child, deadProblem(host, child, marker.rc, reasonIn(said)));
          break;
      }
    },
    sudoSays(chunk) {
      said = (said + chunk.toString('utf8')).slice(-2000);
    },
    ending() {
      isEnding = true;
    },
    close() {
      over = true;
      for (const child of children.values()) child.settle(undefined);
    },
    users: () => [...children.keys()],
    asked: (user) => children.get(user)?.asked ?? false,
  };
}

function deadProblem(host: string, { user, ready, password }: Child, rc: number, said: string): Problem {
  if (ready) return problem('E_TASK_FAILED', { what: `the shell of ${user} on ${host} has ended with status ${rc}` });
  return problem('E_BECOME', { user, said, rc, gavePassword: password !== undefined });
}

/** The last line that says why; sudo ends some refusals with a remark about itself. */
function reasonIn(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^sudo: error initializing|^This incident /.test(line));
  return cleanText(lines.at(-1)?.trim() ?? '').slice(0, 200);
}
