import type { Value } from '../model/value.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** No wait is longer than a timer can hold (2^31 - 1 ms, 24 days). */
const LONGEST = 2_147_483_647;

/** Milliseconds from a number of seconds or a text such as `500ms`, `2s`, `1.5m`, `1h`; undefined when it is neither, negative or beyond 24 days. */
export function parseDuration(value: Value): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h)?$/.exec(String(value).trim()) ?? [];
  if (digits === undefined) return undefined;
  const milliseconds = Math.round(Number(digits) * (UNITS[unit ?? 's'] ?? 1_000));
  return milliseconds <= LONGEST ? milliseconds : undefined;
}
