import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectOptions } from '../model/transport.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { Credentials } from './auth.ts';
import { dial, endpointText } from './dial.ts';
import { isWorthRetrying } from './failure.ts';
import { handshake, type Link } from './handshake.ts';
import type { Hop } from './hops.ts';
import { decide } from './host-key.ts';
import { defaultKeys } from './identities.ts';
import type { LoadedKey } from './keys.ts';
import { typesOnFile } from './known-hosts.ts';
import type { SshRun } from './run.ts';
import { deadlinesFor, keepaliveFor } from './waiting.ts';

/** What reaching one server needs. */
export interface ReachOptions {
  hop: Hop;
  /** The keys of the hop, opened. */
  keys: readonly LoadedKey[];
  /** The jump host to go through. */
  via?: Link | undefined;
  run: SshRun;
  options: ConnectOptions;
}

/** A connection that was dropped before the login is tried again so often. */
const retries = 2;

/**
 * Connects to one server and logs in, within the limits of the run. A server that drops the connection before it has said anything
 * has too many logins at once and is tried again after a while; nothing else ever is. Throws ProblemError.
 */
export async function reach(reached: ReachOptions): Promise<Link> {
  const { hop, run, options } = reached;
  const pace = options.pace ?? run.pace;
  for (let attempt = 0; ; attempt++) {
    try {
      return await pace.run([endpointText(hop)], options.signal, () => attemptTo(reached));
    } catch (error) {
      const retry = error instanceof ProblemError && error.problems.every(isWorthRetrying) && attempt < retries;
      if (!retry) throw error;
      const delay = run.retryDelay * 2 ** attempt;
      await sleep(delay + Math.random() * delay, undefined, { signal: options.signal });
    }
  }
}

async function attemptTo({ hop, keys, via, run, options }: ReachOptions): Promise<Link> {
  const { label, address, port, user, password } = hop;
  const { signal, ask, hostKeys } = options;
  const endpoint = { address, port };
  const [ssh2, known] = await Promise.all([run.ssh2(), run.trust.read(hop.trusted)]);
  const note = (message: string): void => run.note(options.note, message);
  const credentials: Omit<Credentials, 'hold'> = {
    user,
    keys,
    password,
    agent: run.agent,
    note,
    fallbackKeys: async (held) => (keys.length > 0 ? [] : defaultKeys({ hop, run, note, ask: held })),
    ...(ask && { ask: (question, how) => run.inTurn(() => ask(question, how)) }),
  };
  const { resolve } = run;
  const deadlines = deadlinesFor(hop.waiting, run.deadlines);
  const keepalive = keepaliveFor(hop.waiting, run.keepalive);
  const stream = via
    ? await forward(via, hop, deadlines.forward, signal)
    : await dial({ ...endpoint, label, deadlines, signal, ...(resolve && { resolve }) });
  const link = await handshake({
    ssh2,
    stream,
    label,
    endpoint: endpointText(endpoint),
    deadlines,
    keepalive,
    signal,
    typesOnFile: typesOnFile(known, endpoint),
    credentials,
    decide: (key, hold) =>
      decide(
        {
          label,
          endpoint,
          files: hop.trusted,
          acceptNew: hostKeys.acceptNew,
          ...(ask && { ask }),
          store: run.trust,
          inTurn: run.inTurn,
          hold,
        },
        key,
      ),
  });
  return via ? { ...link, lost: () => through(via, link) } : link;
}

/** The loss of the jump host is what a person wants to read when both are gone. */
function through(via: Link, link: Link): string | undefined {
  const own = link.lost();
  const outer = own === undefined ? undefined : via.lost();
  return outer === undefined ? own : `${via.label}: ${outer}`;
}

/** Has a jump host open a TCP connection to the next server. */
function forward(via: Link, hop: Hop, deadline: number, signal: AbortSignal): Promise<Duplex> {
  const { label: host, address, port } = hop;
  const endpoint = endpointText(hop);
  return new Promise((resolve, reject) => {
    let settled = false;
    const finish = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      return true;
    };
    const fail = (why: unknown): void => {
      if (finish()) reject(why);
    };
    const refuse = (detail: string): void =>
      fail(new ProblemError(problem('E_JUMP_FORWARD', { host, jump: `the ${via.label}`, endpoint, detail })));
    const giveUp = (): void => fail(signal.reason);
    const timer = setTimeout(() => {
      const facts = { host, endpoint, phase: 'forward' as const, seconds: deadline / 1000 };
      fail(new ProblemError(problem('E_CONNECT_TIMEOUT', facts)));
    }, deadline);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      via.client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (error) refuse(via.lost() ?? error.message.replace('(SSH) Channel open failure: ', ''));
        else if (finish()) resolve(channel);
        else channel.close();
      });
    } catch (error) {
      refuse(via.lost() ?? String(error));
    }
  });
}
