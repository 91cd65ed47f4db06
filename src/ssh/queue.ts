import type { ConnectOptions } from '../model/transport.ts';

/** Asks a person, as ConnectOptions has it. */
export type Ask = NonNullable<ConnectOptions['ask']>;

/** Does one thing at a time, in the order it was asked: questions to a person, writes to one file. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue. A work that fails does not stop the next one. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
