import { AwsError } from './errors.ts';
import type { Call } from './types.ts';

/** Which calls: `ssm:SendCommand`, `ssm:*`, `*`. */
export type ActionPattern = string;

/** When a fault strikes; without any of these always. */
interface When {
  action: ActionPattern;
  /** The first so many of these calls. */
  first?: number;
  /** Of all of them this share, from 0 to 1. */
  probability?: number;
}

/** `ThrottlingException` (`RequestLimitExceeded` in EC2, `SlowDown` in S3). */
export interface Throttle extends When {
  /** A bucket of tokens: so many calls a second pass, and the others are refused. */
  perSecond?: number;
  /** How many tokens the bucket holds; `perSecond` when not said. */
  burst?: number;
}

export interface Breakage extends When {
  /** A connection that ends with RST, or a status such as 500 and 503. */
  with: 'reset' | number;
}

/**
 * How the fake misbehaves. All of it is read at every call, so a test may change it while things run.
 */
export interface Faults {
  /** After SendCommand its invocations do not exist yet for readers: for so long, or for so many reads of each. */
  consistency?: { ms?: number; calls?: number };
  throttle?: Throttle[];
  broken?: Breakage[];
  /** By instance id, or `*`: how late a command arrives (ms), that it never does, or that the caller has no access to this one. */
  delivery?: Record<string, { delay?: number; lost?: boolean; denied?: boolean }>;
  /** Commands with more targets are cancelled at once: the account has too many invocations pending. */
  mostPending?: number;
  /** By instance id: it dies so many ms after a command has begun, and nothing more is heard until the command expires. */
  dies?: Record<string, { after: number }>;
  /** Lists come in no order, and a first page may be empty and still have a next one. */
  shuffled?: boolean;
  /** From the call with this number on (the first is 1), credentials are expired. */
  expiredFrom?: number;
  /** Operations that the caller's policy does not allow. */
  deny?: ActionPattern[];
  /** Milliseconds that every answer takes. */
  latency?: number;
  /** Output is cut without the mark that says so. */
  cutSilently?: boolean;
}

export function matches(pattern: ActionPattern, { service, action }: Pick<Call, 'service' | 'action'>): boolean {
  return pattern === '*' || pattern === `${service}:*` || pattern === `${service}:${action}`;
}

/** Counts and chance of the faults of one fake. */
export interface Strikes {
  /** Throws where the call is throttled; gives how the connection breaks where it does. */
  check(call: Call): Breakage['with'] | undefined;
}

export function strikes(faults: Faults): Strikes {
  const counts = new WeakMap<When, number>();
  const buckets = new WeakMap<Throttle, { tokens: number; at: number }>();
  const strikesNow = (when: When, call: Call): boolean => {
    if (!matches(when.action, call)) return false;
    const count = (counts.get(when) ?? 0) + 1;
    counts.set(when, count);
    if (when.first !== undefined && count > when.first) return false;
    return when.probability === undefined || Math.random() < when.probability;
  };
  const isEmpty = (rule: Throttle & { perSecond: number }): boolean => {
    const most = rule.burst ?? rule.perSecond;
    const now = performance.now();
    const bucket = buckets.get(rule) ?? { tokens: most, at: now };
    const tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * rule.perSecond);
    buckets.set(rule, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens < 1;
  };
  return {
    check(call) {
      for (const rule of faults.throttle ?? []) {
        if (!strikesNow(rule, call)) continue;
        const { perSecond } = rule;
        if (perSecond === undefined || isEmpty(Object.assign(rule, { perSecond }))) throw throttled(call);
      }
      return faults.broken?.find((rule) => strikesNow(rule, call))?.with;
    },
  };
}

/**
 * Each service has its own word: "Common Errors" of the API references of Systems Manager and STS, "Error codes for the Amazon EC2 API"
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), "Error responses" of Amazon S3.
 */
function throttled({ service }: Call): AwsError {
  if (service === 'ec2') return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  if (service === 'lambda') return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
  const code = service === 'sts' || service === 'sns' ? 'Throttling' : 'ThrottlingException';
  return new AwsError(code, 'Rate exceeded', 400);
}
