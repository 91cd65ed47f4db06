import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { ProblemError, problem } from '../problems/problem.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { type AuthTrace, authHandler, type Credentials } from './auth.ts';
import { createClock, type Deadlines, type Phase } from './clock.ts';
import { failClosed } from './fail-closed.ts';
import { explainFailure, explainLoss } from './failure.ts';
import { gatherWrites } from './gather-writes.ts';
import type { Accepted } from './host-key.ts';
import { leanLogin } from './lean-login.ts';
import type { Ssh2 } from './library.ts';

/** How often the other side is asked whether it is still there, and after how many silences it is given up. */
export interface Keepalive {
  /** Milliseconds; 0 = never. */
  interval: number;
  count: number;
}

/** What a handshake needs. */
export interface HandshakeOptions {
  ssh2: Ssh2;
  /** An open way to the server: a socket, or a channel of a jump host. */
  stream: Duplex;
  label: string;
  endpoint: string;
  deadlines: Deadlines;
  keepalive: Keepalive;
  signal: AbortSignal;
  /** Key types that known_hosts has for this server. */
  typesOnFile: readonly string[];
  credentials: Omit<Credentials, 'hold'>;
  /** Decides about the host key; throws ProblemError to refuse. `hold` stops the clock. */
  decide(key: Buffer, hold: () => () => void): Promise<Accepted>;
}

/** A client that is logged in. */
export interface Link {
  client: Client;
  /** Whose connection it is, for messages. */
  label: string;
  /** Why the connection is gone; undefined while it lives. */
  lost(): string | undefined;
  /** Resolves when it is gone. */
  closed: Promise<void>;
  /** Takes leave, and closes when that is sent: the answer is not waited for, it would cost a round trip. */
  close(): void;
}

/** How much of a stranger's greeting is kept for messages. */
const kept = 255;

/** Milliseconds that the last packets may take to leave. */
const farewell = 1_000;

/** Speaks SSH over an open stream up to the login. Throws ProblemError and closes the stream when that fails. */
export function handshake(options: HandshakeOptions): Promise<Link> {
  const { ssh2, stream, label, endpoint, keepalive, signal } = options;
  const client = new ssh2.Client();
  const auth: AuthTrace = { tried: [], offered: [] };
  let said = Buffer.alloc(0);
  let accepted: Accepted = {};
  let firstError: Error | undefined;
  let gone = false;
  let left = false;

  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clock.stop();
      signal.removeEventListener('abort', giveUp);
      stream.off('data', listen);
      return true;
    };
    const fail = (why: unknown): void => {
      if (!settle()) return;
      reject(why);
      client.destroy();
      stream.destroy();
    };
    const explain = (error: Error | undefined): ProblemError => {
      const situation = { label, endpoint, user: options.credentials.user, phase: clock.phase(), said, auth };
      return new ProblemError(explainFailure(error, situation));
    };
    const expire = (phase: Phase, seconds: number): void => {
      const isStranger = phase === 'banner' && said.length > 0;
      fail(
        isStranger
          ? explain(undefined)
          : new ProblemError(problem('E_CONNECT_TIMEOUT', { host: label, endpoint, phase, seconds })),
      );
    };
    const giveUp = (): void => fail(signal.reason);
    const clock = createClock(options.deadlines, 'banner', expire);

    const listen = (chunk: Buffer): void => {
      if (clock.phase() !== 'banner') {
        clock.progress();
        return;
      }
      said = Buffer.concat([said, chunk.subarray(0, kept - said.length)]);
      if (/^SSH-(2\.0|1\.99)-[^\n]*\n/m.test(said.toString('latin1'))) clock.enter('kex');
    };
    // ssh2 emits errors more than once, and after the end; this listener stays for ever and the first one counts.
    client.on('error', (error: Error) => {
      firstError ??= error;
      fail(explain(error));
    });
    client.on('close', () => {
      gone = true;
      fail(explain(undefined));
    });
    client.on('end', () => fail(explain(undefined)));
    client.on('handshake', () => {
      if (!settled) clock.enter('auth');
    });
    client.on('change password', () => {
      auth.detail = 'the server wants the password to be changed first';
      fail(explain(Object.assign(new Error(auth.detail), { level: 'client-authentication' })));
    });
    const closed = new Promise<void>((done) => client.once('close', () => done()));
    const lost = (): string | undefined => {
      if (left) return 'play closed the connection';
      return gone || firstError ? explainLoss(firstError) : undefined;
    };
    const leave = (): void => {
      if (left || gone) return;
      left = true;
      client.end();
      const timer = setTimeout(() => stream.destroy(), farewell);
      const done = (): void => {
        clearTimeout(timer);
        stream.destroy();
      };
      if (stream.writableFinished || stream.destroyed) done();
      else stream.once('finish', done);
    };
    client.once('ready', () => {
      const remembered = accepted.remember?.() ?? Promise.resolve();
      remembered.then(() => {
        if (!settle()) return;
        resolve({ client, label, closed, lost, close: leave });
      }, fail);
    });
    signal.addEventListener('abort', giveUp, { once: true });

    const hold = () => clock.hold();
    const verify = async (key: Buffer): Promise<boolean> => {
      try {
        accepted = await options.decide(key, hold);
        return true;
      } catch (refusal) {
        // Told before ssh2 learns of it, so that our reason is the first error.
        fail(refusal);
        return false;
      }
    };
    gatherWrites(stream);
    stream.pause();
    stream.on('data', listen);
    try {
      client.connect({
        sock: stream,
        username: options.credentials.user,
        readyTimeout: 0,
        keepaliveInterval: keepalive.interval,
        // ssh2 gives up one interval after the last allowed silence, and with 0 without having asked.
        keepaliveCountMax: Math.max(1, keepalive.count - 1),
        algorithms: offeredAlgorithms(options.typesOnFile),
        hostVerifier: failClosed(verify),
        authHandler: authHandler({ ...options.credentials, hold }, auth),
      });
      leanLogin(client);
    } catch (error) {
      fail(explain(error instanceof Error ? error : new Error(String(error))));
    }
  });
}
