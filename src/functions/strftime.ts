import { FunctionError } from './function.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** The parts of a time in a zone. `shifted` holds them as if they were UTC's. */
interface Local {
  time: Date;
  shifted: Date;
  offsetMinutes: number;
  zone: string;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** What each letter gives: those of POSIX `strftime` in the C locale, and `%s`, `%L` (milliseconds), `%:z`. */
const LETTERS: Record<string, (local: Local) => string> = {
  Y: ({ shifted }) => String(shifted.getUTCFullYear()),
  y: ({ shifted }) => two(shifted.getUTCFullYear() % 100),
  m: ({ shifted }) => two(shifted.getUTCMonth() + 1),
  d: ({ shifted }) => two(shifted.getUTCDate()),
  e: ({ shifted }) => String(shifted.getUTCDate()).padStart(2),
  H: ({ shifted }) => two(shifted.getUTCHours()),
  I: ({ shifted }) => two(shifted.getUTCHours() % 12 || 12),
  p: ({ shifted }) => (shifted.getUTCHours() < 12 ? 'AM' : 'PM'),
  M: ({ shifted }) => two(shifted.getUTCMinutes()),
  S: ({ shifted }) => two(shifted.getUTCSeconds()),
  L: ({ shifted }) => String(shifted.getUTCMilliseconds()).padStart(3, '0'),
  A: ({ shifted }) => DAYS[shifted.getUTCDay()] ?? '',
  a: ({ shifted }) => (DAYS[shifted.getUTCDay()] ?? '').slice(0, 3),
  B: ({ shifted }) => MONTHS[shifted.getUTCMonth()] ?? '',
  b: ({ shifted }) => (MONTHS[shifted.getUTCMonth()] ?? '').slice(0, 3),
  u: ({ shifted }) => String(shifted.getUTCDay() || 7),
  w: ({ shifted }) => String(shifted.getUTCDay()),
  j: ({ shifted }) => String(dayOfYear(shifted)).padStart(3, '0'),
  V: ({ shifted }) => two(isoWeek(shifted).week),
  G: ({ shifted }) => String(isoWeek(shifted).year),
  s: ({ time }) => String(Math.floor(time.getTime() / 1000)),
  z: ({ offsetMinutes }) => offset(offsetMinutes, ''),
  Z: ({ zone }) => zone,
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};
const SHORT: Record<string, string> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %H:%M:%S %Y',
  h: '%b',
};

/** Writes a time by a `strftime` format in a time zone of the IANA database. Throws FunctionError for an unknown letter or zone. */
export function strftimeText(time: Date, format: string, zone: string): string {
  const offsetMinutes = zoneOffset(time, zone);
  const local = { time, shifted: new Date(time.getTime() + offsetMinutes * 60_000), offsetMinutes, zone };
  const fill = (text: string): string =>
    text.replace(/%(:?[\s\S]?)/g, (whole, letter: string) => {
      if (letter === ':z') return offset(offsetMinutes, ':');
      const short = SHORT[letter];
      if (short !== undefined) return fill(short);
      const write = LETTERS[letter];
      if (!write) throw new FunctionError(`${whole} means nothing in a format of times`);
      return write(local);
    });
  return fill(format);
}

function offset(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

/** How far a zone is ahead of UTC at a time. */
function zoneOffset(time: Date, zone: string): number {
  if (zone === 'UTC' || zone === 'Z') return 0;
  try {
    const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(time)
      .find(({ type }) => type === 'timeZoneName')?.value;
    const [, sign, hours, minutes] = /GMT([-+])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
    return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    throw new FunctionError(`there is no time zone "${zone}"; they are called like Europe/Berlin`);
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** ISO 8601: the week, and the year it belongs to, are those of its Thursday. */
function isoWeek(date: Date): { week: number; year: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  return { week: Math.ceil(dayOfYear(thursday) / 7), year: thursday.getUTCFullYear() };
}
