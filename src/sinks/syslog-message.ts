import type { Level } from '../model/log.ts';
import type { Value } from '../model/value.ts';
import { cleanLines } from '../util/clean-text.ts';
import type { LogRecord } from './record.ts';

/** RFC 5424, 6.2.1. */
const SEVERITY: Record<Level, number> = { critical: 2, error: 3, warning: 4, info: 6, debug: 7 };

/** Facilities that a program may use, by the names of syslog(3). */
export const facilities = {
  user: 1,
  daemon: 3,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
export type Facility = keyof typeof facilities;

/** Who says it. */
export interface SyslogOrigin {
  facility: Facility;
  host: string;
  app: string;
  pid: number;
}

/** The number that RFC 5612 sets aside for examples: we have none of our own. */
const ENTERPRISE = '32473';

/** `<PRI>`: what a message is about, and how grave it is. */
function priority(facility: Facility, level: Level): number {
  return facilities[facility] * 8 + SEVERITY[level];
}

/** A message as RFC 5424 (section 6) wants it, at most so many bytes. Further lines of the words follow after ` | `: control characters should not be sent. */
export function syslogMessage(record: LogRecord, origin: SyslogOrigin, most: number): Buffer {
  const { facility, host, app, pid } = origin;
  const { t, level, message, run, playbook, about, fields } = record;
  const head = [
    `<${priority(facility, level)}>1`,
    new Date(t).toISOString(),
    word(host, 255),
    word(app, 48),
    word(String(pid), 128),
    word(String(about['module'] ?? 'run'), 32),
    [element('play', { run, playbook, ...about }), element('fields', fields)].join('') || '-',
  ].join(' ');
  const whole = Buffer.from(`${head} \ufeff${cleanLines(message).join(' | ')}`);
  return whole.length <= most ? whole : whole.subarray(0, boundary(whole, most));
}

/** PRINTUSASCII without spaces; `-` is nothing. */
function word(text: string, most: number): string {
  return text.replace(/[^!-~]/g, '_').slice(0, most) || '-';
}

function element(id: string, values: { [name: string]: Value }): string {
  const params = Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ` ${name.replace(/[^!#-<>-\\^-~]/g, '_').slice(0, 32)}="${cleanLines(text)
      .join(' | ')
      .replace(/["\\\]]/g, '\\$&')}"`;
  });
  return params.length === 0 ? '' : `[${id}@${ENTERPRISE}${params.join('')}]`;
}

/** The last place up to `most` at which no character is cut. */
function boundary(bytes: Buffer, most: number): number {
  let at = most;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
