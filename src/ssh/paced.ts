import { setMaxListeners } from 'node:events';
import type { Pace } from '../model/transport.ts';
import { createLoopLag, type LoopLag } from './loop-lag.ts';

/** How many handshakes may be in flight. */
export interface PaceLimits {
  total: number;
  perAddress: number;
}

/**
 * 32 in all: the knee of the curve at 50 ms round trip. Fewer where this process is the bottleneck, which shows in an event loop
 * that is behind: more would not be quicker there, and a Ctrl-C would wait for all of them.
 * 8 to one address: sshd's default MaxStartups (10:30:100) drops connections at random from the tenth unauthenticated one on.
 */
const defaults: PaceLimits = { total: 32, perAddress: 8 };

/** Milliseconds that the event loop is behind when it is too busy for more handshakes. */
const busyLoop = 100;

interface Waiting {
  addresses: readonly string[];
  start(): void;
}

/** Makes the limiter of one run. Those who wait start in order; one that waits for a busy address lets others pass. */
export function createPace(limits: PaceLimits = defaults, lag: LoopLag = createLoopLag()): Pace {
  const waiting: Waiting[] = [];
  const busy = new Map<string, number>();
  let inFlight = 0;

  const most = (): number => (lag.ms() > busyLoop ? Math.ceil(limits.total * 0.75) : limits.total);
  const count = (address: string): number => busy.get(address) ?? 0;
  const isFree = (addresses: readonly string[]): boolean =>
    inFlight < most() && addresses.every((address) => count(address) < limits.perAddress);
  const take = (addresses: readonly string[], step: 1 | -1): void => {
    if (inFlight === 0) lag.start();
    inFlight += step;
    if (inFlight === 0) lag.stop();
    for (const address of addresses) {
      const left = count(address) + step;
      if (left === 0) busy.delete(address);
      else busy.set(address, left);
    }
  };
  const startWaiting = (): void => {
    for (let i = 0; i < waiting.length && inFlight < most(); ) {
      const next = waiting[i];
      if (next === undefined || !isFree(next.addresses)) i++;
      else {
        waiting.splice(i, 1);
        next.start();
      }
    }
  };
  const room = (addresses: readonly string[], signal: AbortSignal): Promise<void> => {
    if (waiting.length === 0 && isFree(addresses)) {
      take(addresses, 1);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal.reason);
      };
      const entry: Waiting = {
        addresses,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          take(addresses, 1);
          resolve();
        },
      };
      waiting.push(entry);
      signal.addEventListener('abort', giveUp, { once: true });
      startWaiting();
    });
  };
  return {
    async run(addresses, signal, work) {
      signal.throwIfAborted();
      // All hosts of a run listen to the same signal; Node takes more than ten for a leak.
      setMaxListeners(0, signal);
      const distinct = [...new Set(addresses)];
      await room(distinct, signal);
      try {
        return await work();
      } finally {
        take(distinct, -1);
        startWaiting();
      }
    },
  };
}
