import type { Connection, Pipe } from '../model/transport.ts';
import { type Problem, problem } from '../problems/problem.ts';
import {
  bootCommand,
  bootProgram,
  killProgram,
  type Nonces,
  type SessionSettings,
  stopProgram,
} from '../program/bootstrap.ts';
import { cleanText } from '../util/clean-text.ts';
import { createChildren } from './children.ts';
import { endWords, problemOf } from './pipe-end.ts';
import { joinStreams, type StepEvents } from './streams.ts';

/** What a session tells, by wire id. */
export interface SessionEvents extends StepEvents {
  /** Nothing can be run as this user (any more), so what was sent for it does not run. */
  refused(user: string, problem: Problem): void;
  /** The shell has done all that it was sent, and has ended as it was told to. */
  over(): void;
  /** The session is over, for this reason; `never`: it did not even begin, and nothing ran in it. */
  closed(reason: string, never?: Problem): void;
  /** The run directory may still be on the host. */
  left(): void;
  /** The shell has ended, and something that a step started still holds its output. */
  held(): void;
}

/** The shell of another user in the session; steps of an epoch that has failed do not reach it. */
export interface ChildShell {
  fd: number;
  epoch: number;
}

/** At most so many steps, steps that act, and bytes of program are sent ahead and not yet reported. */
export interface Ahead {
  steps: number;
  actions: number;
  bytes: number;
}

/** Of a shell that lives on: of author code fewer, since only what that did remains in doubt after an interrupt or a lost line. */
const aheadOfShell: Ahead = { steps: 64, actions: 16, bytes: 64 * 1024 };

/** The shell of a host: takes frames, gives events. Knows nothing of tasks. */
export interface Session {
  ahead: Ahead;
  /** Whether more may be sent now. */
  takesMore(): boolean;
  /** It was stopped, and there is no shell that would pass over what is sent from now on. */
  isStopped(): boolean;
  /** All that goes together has been sent. True: the shells that come next have forgotten everything. */
  sent(): Promise<boolean>;
  /** Program text for the login user (`to` undefined) or for a child shell. */
  program(text: string, to?: ChildShell): Promise<void>;
  /** Counted bytes into the file that the variable play_temp of that shell names. */
  content(bytes: Uint8Array, to?: ChildShell): Promise<void>;
  /** Starts the shell of a user and gives its descriptor when steps may be sent to it; undefined: it was refused, or the session is over. */
  become(user: string, password: string | undefined): Promise<number | undefined>;
  /** Makes the host pass over what was sent ahead; with `kill`, also ends what runs: the processes of that step, where it is known which. Uses a second channel. */
  stop(kill?: { running: { id: number; user?: string } | undefined }): Promise<void>;
  /** Ends the shell in good order. Where it has a directory to remove, as for a ledger, that is waited for, at most the grace. */
  close(made: { hasLedger: boolean }): Promise<void>;
  /** True once the shell has ended or the connection is gone. */
  isClosed(): boolean;
  /** The shell's process on the host, once it has said so. */
  pid(): number | undefined;
  /** Whether other users' shells were started. */
  hasChildren(): boolean;
}

/** A session that is one shell. */
export interface Shell extends Session {
  /** Tells it to end behind what it was sent; its status is not 0 when a step has failed. */
  finish(): Promise<void>;
  /** Lets go of it, whatever it does. */
  hangUp(): void;
}

const closeGrace = 3_000;
/** A read per byte costs less than a process that reads by count, up to about this size. */
const lineLimit = 2_000;

/** Opens the shell and sends the runtime; does not wait for it, so that the first steps travel in the same flight. */
export async function openSession(options: {
  connection: Connection;
  host: string;
  settings: SessionSettings;
  events: SessionEvents;
  /**
   * Startup files of a login shell may take this long before the runtime must have answered, ms; 60 s when not said. A transport that takes
   * its program whole has limits of its own.
   */
  startLimit?: number;
}): Promise<Shell> {
  const { connection, settings, events, host, startLimit = 60_000 } = options;
  let noise = '';
  let closed = false;
  let late = false;
  let quitting = false;
  let hasQuit = false;
  let stopped = false;
  let pid: number | undefined;

  const children = createChildren({ host, send: (head, body) => frame(head, body), refused: events.refused });
  const streams = joinStreams({
    nonces: settings.nonces,
    steps: events,
    sudoSays: children.sudoSays,
    marker(marker) {
      if (marker.kind === 'ready') pid = marker.pid;
      else if (marker.kind === 'quit') hasQuit = true;
      else children.marker(marker);
    },
  });
  const keepNoise = (chunk: Buffer): void => {
    if (pid === undefined) noise = (noise + chunk.toString('utf8')).slice(-2000);
  };

  const giveUp = (): void => {
    late = pid === undefined;
    if (late) pipe.close();
  };
  const pipe: Pipe = await connection.open(bootCommand(settings.shell), {
    stdout(chunk) {
      keepNoise(chunk);
      streams.stdout(chunk);
    },
    stderr(chunk) {
      keepNoise(chunk);
      streams.stderr(chunk);
    },
  });
  const frame = async (head: string, body: Uint8Array | string = ''): Promise<void> => {
    if (closed) return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    await pipe.write(Buffer.concat([Buffer.from(head), bytes]));
  };

  const timer = connection.capabilities.interactive ? setTimeout(giveUp, startLimit).unref() : undefined;
  const ended = pipe.ended.then((end) => {
    closed = true;
    clearTimeout(timer);
    streams.finish();
    children.close();
    if (quitting && (end.kind !== 'exit' || end.code !== 0)) events.left();
    if (end.kind === 'exit' && end.held) events.held();
    const said = lastLine(noise);
    const { shell } = settings;
    const reason = endWords(end);
    // It speaks first thing. When it ended without, or never got that far, nothing that was sent has run.
    if (hasQuit && end.kind === 'exit') events.over();
    else if (end.kind === 'refused') events.closed(reason, problemOf(end.error));
    else if (pid !== undefined) events.closed(reason);
    else if (late) {
      const seconds = startLimit / 1000;
      events.closed(reason, problem('E_LOGIN_SHELL', { host, shell, said, fault: 'silent', seconds }));
    } else if (end.kind === 'exit') {
      events.closed(reason, problem('E_LOGIN_SHELL', { host, shell, said, fault: 'ended', status: end.code }));
    } else events.closed(reason);
  });
  await pipe.write(bootProgram(settings));

  /** Runs a program beside the session, and waits for it no longer than a kill may take. */
  const beside = async (command: string, program: Buffer): Promise<void> => {
    const second = await connection.open(command, { stdout: () => undefined, stderr: () => undefined });
    await second.write(program);
    second.end();
    await Promise.race([second.ended, delay(8_000)]);
    second.close();
  };

  return {
    ahead: aheadOfShell,
    takesMore: () => true,
    isStopped: () => false,
    sent: () => Promise.resolve(false),
    async finish() {
      children.ending();
      await frame('#q failed\n');
      pipe.end();
    },
    hangUp: () => pipe.close(),
    program(text, to) {
      const size = Buffer.byteLength(text);
      const isShort = size < lineLimit;
      const lines = isShort ? text.split('\n').length - 1 : 0;
      if (to) {
        return frame(isShort ? `#v ${to.fd} ${to.epoch} ${lines}\n` : `#u ${to.fd} ${to.epoch} p ${size}\n`, text);
      }
      return frame(isShort ? `#l ${lines}\n` : `#p ${size}\n`, text);
    },
    content(bytes, to) {
      return frame(to ? `#u ${to.fd} ${to.epoch} t ${bytes.length}\n` : `#t ${bytes.length}\n`, bytes);
    },
    become: children.become,
    async stop(kill) {
      if (closed) return;
      stopped = true;
      const { nonces, shell } = settings;
      const command = bootCommand(shell);
      await beside(command, stopProgram(nonces, pid));
      const running = kill?.running;
      if (running) await beside(asUser(command, running.user), killProgram(nonces, running.id));
    },
    async close({ hasLedger }) {
      // Lost, and nobody has asked since what it left behind.
      if (closed && pid !== undefined) events.left();
      if (!closed) {
        const leaves = hasLedger || stopped || children.users().length > 0;
        quitting = leaves;
        await frame('#q\n');
        pipe.end();
        // Nothing to hear about, which would take a round trip.
        if (!leaves) return;
        await Promise.race([ended, delay(closeGrace)]);
        pipe.close();
      }
      await Promise.race([ended, delay(closeGrace)]);
    },
    isClosed: () => closed,
    pid: () => pid,
    hasChildren: () => children.users().length > 0,
  };
}

function asUser(command: string, user: string | undefined): string {
  return user === undefined ? command : `exec sudo -n -u ${user} ${command.slice('exec '.length)}`;
}

function lastLine(text: string): string {
  return cleanText(text.trim().split('\n').at(-1) ?? '').slice(0, 200);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** 128-bit secrets for one session. */
export function makeNonces(random: (bytes: number) => Buffer): Nonces {
  const hex = (): string => random(16).toString('hex');
  return { marker: hex(), become: hex(), kill: hex() };
}
