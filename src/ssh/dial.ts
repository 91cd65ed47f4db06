import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Deadlines } from './clock.ts';
import type { Endpoint } from './known-hosts.ts';

/** Finds the addresses of a name, best first. Rejects with the resolver's error. */
export type Resolve = (name: string) => Promise<string[]>;

/** What dialling needs. */
export interface DialOptions extends Endpoint {
  /** Whose connection it is, for messages. */
  label: string;
  deadlines: Deadlines;
  signal: AbortSignal;
  /** The system's resolver unless a test has another. */
  resolve?: Resolve;
}

/** Another address is tried beside the first when that has not answered for so long: a dead IPv6 costs half a second. */
const stagger = 500;

/**
 * Opens a TCP connection with Nagle's algorithm off from the first byte. A name with several addresses: each is tried, the first that
 * answers wins. Throws ProblemError E_DNS, E_CONNECT_REFUSED, E_CONNECT_UNREACHABLE, E_CONNECT_TIMEOUT.
 */
export async function dial(options: DialOptions): Promise<Socket> {
  const addresses = isIP(options.address) ? [options.address] : await addressesOf(options);
  return race(addresses, options);
}

async function addressesOf({ address, label, deadlines, resolve = systemResolve }: DialOptions): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlines.dns / 1000} s`)), deadlines.dns);
  });
  try {
    return await Promise.race([resolve(address), late]);
  } catch (error) {
    throw new ProblemError(problem('E_DNS', { host: label, name: address, detail: reasonOf(error) }));
  } finally {
    clearTimeout(timer);
  }
}

async function systemResolve(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function race(addresses: string[], { label, port, deadlines, signal }: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const faults: Problem[] = [];
    let next = 0;
    let staggered: NodeJS.Timeout | undefined;

    const finish = (): void => {
      clearTimeout(deadline);
      clearTimeout(staggered);
      signal.removeEventListener('abort', giveUp);
    };
    const fail = (why: unknown): void => {
      finish();
      for (const socket of sockets) socket.destroy();
      reject(why);
    };
    const giveUp = (): void => fail(signal.reason);
    const deadline = setTimeout(() => {
      const endpoint = endpointText({ address: addresses.join(', '), port });
      const facts = { host: label, endpoint, phase: 'tcp' as const, seconds: deadlines.tcp / 1000 };
      fail(new ProblemError(problem('E_CONNECT_TIMEOUT', facts)));
    }, deadlines.tcp);
    signal.addEventListener('abort', giveUp, { once: true });

    const tryNext = (): void => {
      clearTimeout(staggered);
      const address = addresses[next++];
      if (address === undefined) return;
      if (next < addresses.length) staggered = setTimeout(tryNext, stagger);
      const socket = connect({ host: address, port, noDelay: true });
      sockets.add(socket);
      const onError = (error: Error): void => {
        sockets.delete(socket);
        faults.push(refusal(label, endpointText({ address, port }), error));
        if (faults.length === addresses.length) fail(new ProblemError(faults));
        else tryNext();
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        socket.off('error', onError);
        sockets.delete(socket);
        for (const other of sockets) other.destroy();
        finish();
        resolve(socket);
      });
    };
    tryNext();
  });
}

function refusal(host: string, endpoint: string, error: Error): Problem {
  if ('code' in error && error.code === 'ECONNREFUSED') return problem('E_CONNECT_REFUSED', { host, endpoint });
  return problem('E_CONNECT_UNREACHABLE', { host, endpoint, detail: reasonOf(error) });
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'no such name',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  EACCES: 'a rule on this machine forbids it',
  ETIMEDOUT: 'the host does not answer',
};

/** The error of a system call in words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message;
}

/** `127.0.0.1:22`, `[::1]:22`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
