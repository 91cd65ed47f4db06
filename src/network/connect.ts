import { connect } from 'node:net';
import { reasonOf } from './network-error.ts';

/** How a port answered: somebody listens, nobody does, or nothing came back in time. */
export interface PortState {
  state: 'open' | 'closed' | 'filtered';
  /** Milliseconds. */
  time: number;
  /** Why it is not open. */
  reason?: string;
  /** What it said first, when that was asked for. */
  banner?: string;
}

/** One attempt to connect. */
export interface PortQuestion {
  address: string;
  port: number;
  /** Milliseconds. */
  timeout: number;
  /** Milliseconds to wait for what it says first. */
  banner?: number;
  signal: AbortSignal;
}

/** Connects, as any client would, and hangs up. */
export function askPort({ address, port, timeout, banner, signal }: PortQuestion): Promise<PortState> {
  const started = performance.now();
  const time = (): number => Math.round((performance.now() - started) * 10) / 10;
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const done = (state: PortState): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
      socket.destroy();
      resolve(state);
    };
    let timer = setTimeout(
      () => done({ state: 'filtered', time: time(), reason: `no answer in ${timeout / 1000} s` }),
      timeout,
    );
    const stopped = (): void => done({ state: 'filtered', time: time(), reason: 'interrupted' });
    signal.addEventListener('abort', stopped, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done({ state: error.code === 'ECONNREFUSED' ? 'closed' : 'filtered', time: time(), reason: reasonOf(error) }),
    );
    socket.once('connect', () => {
      const open: PortState = { state: 'open', time: time() };
      if (banner === undefined) return done(open);
      clearTimeout(timer);
      timer = setTimeout(() => done({ ...open, banner: '' }), banner);
      socket.once('data', (chunk) => done({ ...open, banner: chunk.toString('utf8').trimEnd() }));
      socket.once('close', () => done({ ...open, banner: '' }));
    });
  });
}

/** Does work for each item, at most so many at once; the answers in the order of the items. */
export async function inParallel<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      answers[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return answers;
}
