import { type Header, HttpFault, headerOf } from './message.ts';

/** How often and when a request is sent again. Times in milliseconds. */
export interface RetryRule {
  attempts: number;
  delay: number;
  backoff: number;
  maxDelay: number;
  statuses: readonly number[];
  /** Also what may have been carried out the first time: a POST whose answer did not come. */
  unsafe: boolean;
}

/** Methods that may be sent twice with the effect of once (RFC 9110, section 9.2.2). */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** Methods that change nothing (RFC 9110, section 9.2.1). */
export const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);

/** Whether a fault is worth another attempt. */
export function mayRepeat(fault: unknown, method: string, rule: RetryRule): boolean {
  if (!(fault instanceof HttpFault) || !fault.mayPass) return false;
  return fault.isUnsent || rule.unsafe || idempotent.includes(method);
}

/**
 * How long to wait before the same request is sent again because of its status; undefined: it is not. What the server asks for by Retry-After is
 * kept (RFC 9110, section 10.2.3). Throws HttpFault when it asks for more than is allowed.
 */
export function waitFor(options: {
  answer: { status: number; headers: readonly Header[] };
  method: string;
  rule: RetryRule;
  attempt: number;
  now: number;
}): number | undefined {
  const { answer, method, rule, attempt, now } = options;
  if (attempt >= rule.attempts || !rule.statuses.includes(answer.status)) return undefined;
  if (!rule.unsafe && !idempotent.includes(method)) return undefined;
  const asked = retryAfter(headerOf(answer.headers, 'retry-after'), now);
  if (asked !== undefined && asked > rule.maxDelay)
    throw new HttpFault(
      `the server answered ${answer.status} and wants ${Math.round(asked / 1000)} s of patience, more than max_delay`,
    );
  return asked ?? pause(rule, attempt);
}

/** How long to wait after the attempt of this number, counted from 1. */
export function pause({ delay, backoff, maxDelay }: RetryRule, attempt: number): number {
  return Math.min(delay * backoff ** (attempt - 1), maxDelay);
}

/** Seconds or a date, in milliseconds from now. */
function retryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
