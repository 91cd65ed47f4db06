import { HttpFault } from './message.ts';
import { isSafe, mayRepeat, pause, type RetryRule, waitFor } from './retry.ts';

/** What repeating needs from its surroundings. */
export interface Attempts {
  method: string;
  rule: RetryRule;
  /** Milliseconds for one attempt, redirects and body included; undefined: as long as it takes. */
  limit: number | undefined;
  signal: AbortSignal;
  now(): number;
  /** Whether the time has passed, and was not cut short. */
  sleep(ms: number): Promise<boolean>;
}

/** How one attempt ended: with a result that stands, or one that is only good if there is no other attempt. */
export interface Tried<T> {
  answer: { status: number; headers: readonly (readonly [string, string])[] };
  /** Reads what there is to read. */
  finish(): Promise<T>;
  drop(): Promise<void>;
}

/** Does the work until it is done or nothing is left to try. Throws HttpFault. */
export async function attempt<T>(
  { method, rule, limit, signal, now, sleep }: Attempts,
  work: (signal: AbortSignal) => Promise<Tried<T>>,
): Promise<{ value: T; attempts: number }> {
  for (let number = 1; ; number++) {
    const clock = startClock({ limit, outer: signal, method });
    try {
      const tried = await work(clock.signal);
      const wait = await waited(tried, { method, rule, attempt: number, now: now() });
      if (wait === undefined) return { value: await tried.finish(), attempts: number };
      await tried.drop();
      await rest(wait);
    } catch (error) {
      if (signal.aborted || number >= rule.attempts || !mayRepeat(error, method, rule)) throw counted(error, number);
      await rest(pause(rule, number));
    } finally {
      clock.stop();
    }
  }

  async function rest(ms: number): Promise<void> {
    if (!(await sleep(ms))) throw new HttpFault('it was interrupted');
  }
}

async function waited<T>(
  tried: Tried<T>,
  options: Omit<Parameters<typeof waitFor>[0], 'answer'>,
): Promise<number | undefined> {
  try {
    return waitFor({ answer: tried.answer, ...options });
  } catch (error) {
    await tried.drop();
    throw error;
  }
}

function counted(error: unknown, number: number): unknown {
  if (number === 1 || !(error instanceof HttpFault)) return error;
  const { advice } = error;
  return new HttpFault(`${error.message}, ${number} times`, { ...(advice !== undefined && { advice }) });
}

/** What may have had an effect is given so much time to tell, in milliseconds, when the run is interrupted. */
const grace = 10_000;

/** A signal that ends when the time is over, or with the run's: at once for what changes nothing. */
function startClock({ limit, outer, method }: { limit: number | undefined; outer: AbortSignal; method: string }): {
  signal: AbortSignal;
  stop(): void;
} {
  const own = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const endAfter = (ms: number, fault: HttpFault): void => {
    timers.push(setTimeout(() => own.abort(fault), Math.min(ms, 2 ** 31 - 1)));
  };
  if (limit !== undefined)
    endAfter(limit, new HttpFault(`there was no whole answer within ${limit / 1000} s`, { mayPass: true }));
  const over = (): void => {
    if (isSafe(method)) own.abort(new HttpFault('it was interrupted'));
    else endAfter(grace, new HttpFault('it was interrupted, and whether it had its effect is not known'));
  };
  if (outer.aborted) own.abort(new HttpFault('it was interrupted'));
  else outer.addEventListener('abort', over);
  return {
    signal: own.signal,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      outer.removeEventListener('abort', over);
    },
  };
}
