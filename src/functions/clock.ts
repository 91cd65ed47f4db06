import { FunctionError } from './function.ts';
import { shown } from './words.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[-+]\d\d:?\d\d)?)?$/i;

/** A time from an ISO 8601 text, in UTC when it does not say its zone, or from seconds since 1970. Throws FunctionError. */
export function parseTime(value: string | number): Date {
  if (typeof value === 'number') return checked(new Date(Math.round(value * 1000)), String(value));
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    ISO.exec(value.trim()) ?? [];
  if (year === undefined) throw new FunctionError(`${shown(value)} is not a time like 2026-01-31T12:00:00Z`);
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const at = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
  const time = checked(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${at}`), value);
  // JavaScript would take 31 April for 1 May.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) {
    throw new FunctionError(`${shown(value)} is not a day of the calendar`);
  }
  return time;
}

function checked(time: Date, written: string): Date {
  if (Number.isNaN(time.getTime())) throw new FunctionError(`${shown(written)} is not a time`);
  return time;
}

/** A time as functions give it: ISO 8601 in UTC, with milliseconds only where there are some. */
export function timeText(time: Date): string {
  return checked(time, 'the result').toISOString().replace('.000Z', 'Z');
}

const SECONDS = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };
const UNIT = /([0-9]+(?:\.[0-9]+)?)\s*(weeks?|days?|hours?|minutes?|min|seconds?|sec|ms|[wdhms])\s*/gy;

/** Seconds from a text like `1h30m`, `2 days`, `-500ms`, or from a number of seconds. Throws FunctionError. */
export function parseDuration(value: string | number): number {
  if (typeof value === 'number') return value;
  const text = value.trim().toLowerCase();
  if (/^-?[0-9]+(?:\.[0-9]+)?$/.test(text)) return Number(text);
  const unsigned = text.replace(/^[-+]/, '').trim();
  let [seconds, end] = [0, 0];
  for (const match of unsigned.matchAll(UNIT)) {
    const unit = match[2] ?? 's';
    const name = (unit === 'ms' ? 'ms' : unit[0]) as keyof typeof SECONDS;
    seconds += Number(match[1]) * SECONDS[name];
    end = match.index + match[0].length;
  }
  if (end === 0 || end < unsigned.length)
    throw new FunctionError(`${shown(value)} is not a duration like 1h30m or 90s`);
  return text.startsWith('-') ? -seconds : seconds;
}
