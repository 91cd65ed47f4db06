import { setTimeout as pause } from 'node:timers/promises';

/** Spreads the calls of one account and region: so many a second, fewer when AWS asks for it, slowly more again. */
export interface Rate {
  /** Resolves when a call may go out, in order. */
  take(): Promise<void>;
  /** AWS has asked to slow down. */
  slower(): void;
  /** A call went through. */
  passed(): void;
  /** Calls a second at the moment. */
  perSecond(): number;
}

export interface RateLimits {
  /** Calls a second at the start. */
  first: number;
  /** Never more than so many, however well it goes. */
  most: number;
  least: number;
  /** Calls that may go at once after a rest. */
  burst: number;
}

/**
 * AWS publishes no rates for the calls of Run Command ("AWS Systems Manager endpoints and quotas" names none for them), only that they are
 * throttled per account and region; so this stays within what other operations of the service are given by default (40 a second for reads of
 * Parameter Store, 10 for OpsCenter), begins with half of that and goes by the answers.
 */
const usualLimits: RateLimits = { first: 20, most: 40, least: 0.5, burst: 20 };

/** One refusal often comes as many: of those within this time only the first counts, ms. */
const sameRefusal = 1_000;

export function createRate(limits: RateLimits = usualLimits, now: () => number = () => performance.now()): Rate {
  let rate = limits.first;
  let tokens = limits.burst;
  let at = now();
  let slowedAt = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();

  const refill = (): void => {
    const time = now();
    tokens = Math.min(limits.burst, tokens + ((time - at) / 1000) * rate);
    at = time;
  };
  const next = async (): Promise<void> => {
    for (;;) {
      refill();
      if (tokens >= 1) break;
      await pause(Math.ceil(((1 - tokens) / rate) * 1000));
    }
    tokens -= 1;
  };
  return {
    take() {
      // One timer for all that wait: each begins when the one before it has gone.
      last = last.then(next);
      return last;
    },
    slower() {
      if (now() - slowedAt < sameRefusal) return;
      refill();
      slowedAt = now();
      rate = Math.max(limits.least, rate / 2);
      tokens = Math.min(tokens, 0);
    },
    passed() {
      rate = Math.min(limits.most, rate + limits.most / 200);
    },
    perSecond: () => rate,
  };
}
