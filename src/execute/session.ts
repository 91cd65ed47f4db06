import type { Connection, Pipe } from '../model/transport.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { bootCommand, bootProgram, type Nonces, type SessionSettings, stopProgram } from '../program/bootstrap.ts';
import { createDecoder, type Marker, type PayloadKind, type WireStatus } from '../program/decode.ts';
import { cleanText } from '../util/clean-text.ts';

/** What a session tells about the steps that run in it, by wire id. */
export interface SessionEvents {
  began(id: number): void;
  output(id: number | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void;
  payload(id: number, kind: PayloadKind, bytes: Buffer): void;
  ended(id: number, status: WireStatus, rc: number): void;
  /** The session is over, for this reason; `never`: it did not even begin, and nothing ran in it. */
  closed(reason: string, never?: Problem): void;
  /** The run directory could not be removed from the host. */
  left(path: string): void;
}

/** The one long-lived shell of a host: takes frames, gives events. Knows nothing of tasks. */
export interface Session {
  /** Program text for the login user (`fd` undefined) or for a child shell. */
  program(text: string, to?: { fd: number; epoch: number }): Promise<void>;
  /** Counted bytes into the file that the variable play_t of that shell names. */
  content(bytes: Uint8Array, to?: { fd: number; epoch: number }): Promise<void>;
  /** Starts a child shell for a user and resolves with its descriptor when steps may be sent to it. Throws ProblemError. */
  become(user: string, password: string | undefined): Promise<number>;
  /** Makes the host pass over what was sent ahead; with `kill`, also ends the processes of that step. Uses a second channel. */
  stop(kill?: { id: number; user?: string }): Promise<void>;
  /** Ends the shell in good order and waits for it, at most the grace. */
  close(): Promise<void>;
  /** True once the shell has ended or the connection is gone. */
  isClosed(): boolean;
  /** The shell's process on the host, once it has said so. */
  pid(): number | undefined;
  /** Whether other users' shells were started. */
  hasChildren(): boolean;
}

const closeGrace = 3_000;

/** Opens the shell and sends the runtime; does not wait for it, so that the first steps travel in the same flight. */
export async function openSession(options: {
  connection: Connection;
  host: string;
  settings: SessionSettings;
  events: SessionEvents;
  /** Startup files of a login shell may take this long before the runtime must have answered, ms; 60 s when not said. */
  startLimit?: number;
}): Promise<Session> {
  const { connection, settings, events, host, startLimit = 60_000 } = options;
  const waits = createWaits();
  let noise = '';
  let closed = false;
  let late = false;
  let pid: number | undefined;
  let current: number | undefined;
  /** Steps whose end is in on stdout but whose stderr marker is not yet. */
  const half = new Map<number, { status: WireStatus; rc: number }>();
  const errDone = new Set<number>();
  let lastStderr = '';

  const onMarker = (marker: Marker): void => {
    switch (marker.kind) {
      case 'ready':
        pid = marker.pid;
        break;
      case 'begin':
        current = marker.id;
        events.began(marker.id);
        break;
      case 'end':
        if (marker.stderr && !errDone.delete(marker.id)) half.set(marker.id, marker);
        else events.ended(marker.id, marker.status, marker.rc);
        break;
      case 'left':
        events.left(marker.path);
        break;
      default:
        waits.settle(marker);
    }
  };

  const out = createDecoder(settings.nonces, {
    marker: onMarker,
    data: (id, chunk) => events.output(id, 'stdout', chunk),
    payload: (kind, id, bytes) => events.payload(id, kind, bytes),
  });
  const err = createDecoder(settings.nonces, {
    marker(marker) {
      if (marker.kind !== 'end') return onMarker(marker);
      const end = half.get(marker.id);
      half.delete(marker.id);
      if (end) events.ended(marker.id, end.status, end.rc);
      else errDone.add(marker.id);
    },
    data(_, chunk) {
      lastStderr = (lastStderr + chunk.toString('utf8')).slice(-2000);
      events.output(current, 'stderr', chunk);
    },
    payload: () => undefined,
  });

  const pipe: Pipe = await connection.open(bootCommand(settings.shell), {
    stdout(chunk) {
      if (pid === undefined) noise = (noise + chunk.toString('utf8')).slice(-2000);
      out.push(chunk);
    },
    stderr(chunk) {
      if (pid === undefined) noise = (noise + chunk.toString('utf8')).slice(-2000);
      err.push(chunk);
    },
  });
  // stderr has no begin marker: the first bytes of the session count as started at once.
  err.push(Buffer.from(`\x1e${settings.nonces.marker} S\n`));

  const timer = setTimeout(() => {
    late = pid === undefined;
    if (late) pipe.close();
  }, startLimit);
  timer.unref();
  const ended = pipe.ended.then((end) => {
    closed = true;
    clearTimeout(timer);
    waits.fail();
    const said = cleanText(lastLine(noise)).slice(0, 200);
    const shell = settings.shell;
    const reason = end.kind === 'lost' ? end.reason : `the shell of the session ended with status ${end.code}`;
    // It speaks first thing. When it ended without, or never got that far, nothing that was sent has run.
    if (pid !== undefined) events.closed(reason);
    else if (late) {
      events.closed(
        reason,
        problem('E_LOGIN_SHELL', { host, shell, said, fault: 'silent', seconds: startLimit / 1000 }),
      );
    } else if (end.kind === 'exit') {
      events.closed(reason, problem('E_LOGIN_SHELL', { host, shell, said, fault: 'ended', status: end.code }));
    } else events.closed(reason);
  });

  const frame = async (head: string, body: Uint8Array | string): Promise<void> => {
    if (closed) return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    await pipe.write(Buffer.concat([Buffer.from(head), bytes]));
  };
  await pipe.write(bootProgram(settings));

  const children = new Map<string, Promise<number>>();
  const startChild = async (user: string, password: string | undefined): Promise<number> => {
    const fd = 5 + children.size;
    if (fd > 8) throw new ProblemError(problem('E_BECOME_TOO_MANY', { host, user }));
    const method = password === undefined ? 'n' : 's';
    await frame(`#b ${fd} ${method} ${user}\n`, '');
    if (password === undefined) return fd;
    const failed = (rc: number): never => {
      pipe.close();
      throw new ProblemError(problem('E_BECOME', { host, user, said: lastLine(lastStderr), rc }));
    };
    let asked = false;
    for (;;) {
      const marker = await waits.next(fd);
      // The session is gone: its end is told as such, it says nothing about sudo.
      if (!marker) return fd;
      if (marker.kind === 'child-fed') return fd;
      if (marker.kind === 'child-dead') return failed(marker.rc);
      if (marker.kind === 'child-ready') {
        await frame(`#f ${fd}\n`, '');
        return fd;
      }
      if (marker.kind === 'prompt') {
        if (asked) {
          pipe.close();
          throw new ProblemError(problem('E_BECOME_PASSWORD', { host, user }));
        }
        asked = true;
        const bytes = Buffer.from(`${password}\n`);
        await frame(`#w ${fd} ${bytes.length}\n`, bytes);
      }
    }
  };

  return {
    program(text, to) {
      const size = Buffer.byteLength(text);
      if (to) return frame(`#u ${to.fd} ${to.epoch} p ${size}\n`, text);
      // A read per byte is cheaper than a dd up to about this size.
      if (size < 1500) return frame(`#l ${text.split('\n').length - 1}\n`, text);
      return frame(`#p ${size}\n`, text);
    },
    content(bytes, to) {
      return frame(to ? `#u ${to.fd} ${to.epoch} t ${bytes.length}\n` : `#t ${bytes.length}\n`, bytes);
    },
    become(user, password) {
      const known = children.get(user);
      if (known) return known;
      const fd = startChild(user, password);
      // Counted before it answers, so that two users never get one descriptor.
      children.set(user, fd);
      return fd;
    },
    async stop(kill) {
      if (closed) return;
      const shell = settings.shell;
      const program = stopProgram(settings.nonces, { shell, ...(kill && { step: kill.id }) });
      const command =
        kill?.user === undefined
          ? bootCommand(shell)
          : `sudo -n -u ${kill.user} ${bootCommand(shell).slice('exec '.length)}`;
      const second = await connection.open(command, { stdout: () => undefined, stderr: () => undefined });
      await second.write(program);
      second.end();
      await Promise.race([second.ended, delay(8_000)]);
      second.close();
    },
    async close() {
      if (!closed) {
        await frame('#q\n', '');
        pipe.end();
        await Promise.race([ended, delay(closeGrace)]);
        pipe.close();
      }
      await Promise.race([ended, delay(closeGrace)]);
    },
    isClosed: () => closed,
    pid: () => pid,
    hasChildren: () => children.size > 0,
  };
}

/** Markers about child shells, awaited one at a time per descriptor. */
function createWaits(): {
  settle(marker: Marker): void;
  next(fd: number): Promise<Marker | undefined>;
  fail(): void;
} {
  const arrived = new Map<number, Marker[]>();
  const waiting = new Map<number, (marker: Marker | undefined) => void>();
  let over = false;
  return {
    settle(marker) {
      if (!('fd' in marker)) return;
      const waiter = waiting.get(marker.fd);
      waiting.delete(marker.fd);
      if (waiter) waiter(marker);
      else arrived.set(marker.fd, [...(arrived.get(marker.fd) ?? []), marker]);
    },
    next(fd) {
      const first = arrived.get(fd)?.shift();
      if (first || over) return Promise.resolve(first);
      return new Promise((resolve) => waiting.set(fd, resolve));
    },
    fail() {
      over = true;
      for (const waiter of waiting.values()) waiter(undefined);
      waiting.clear();
    },
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** 128-bit secrets for one session. */
export function makeNonces(random: (bytes: number) => Buffer): Nonces {
  const hex = (): string => random(16).toString('hex');
  return { marker: hex(), become: hex(), kill: hex() };
}
