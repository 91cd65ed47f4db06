import type { Value } from '../model/value.ts';
import { cleanLines } from '../util/clean-text.ts';
import type { LogRecord } from './record.ts';

/** How a record is written on a line. */
export type LogFormat = 'text' | 'json' | 'logfmt';

/** A record as a line, or a few: always with a newline at the end. */
export function formatted(record: LogRecord, format: LogFormat): string {
  if (format === 'json') return `${JSON.stringify(asData(record))}\n`;
  return format === 'text' ? asText(record) : asLogfmt(record);
}

/** A record as plain data: one JSON object. */
export function asData({ t, level, message, run, playbook, about, fields }: LogRecord): { [name: string]: Value } {
  const time = new Date(t).toISOString();
  return { time, level, message, run, playbook, ...about, ...(Object.keys(fields).length > 0 && { fields }) };
}

/** For people: further lines of the message stand indented below. */
function asText({ t, level, message, about, fields }: LogRecord): string {
  const [first = '', ...rest] = cleanLines(message);
  const head = [
    new Date(t).toISOString(),
    level.toUpperCase().padEnd(8),
    about['host'] ?? '-',
    first,
    ...pairs(fields),
  ];
  return [head.join(' '), ...rest.map((line) => `    ${line}`), ''].join('\n');
}

/** `key=value` for every fact: https://brandur.org/logfmt. */
function asLogfmt({ t, level, message, run, playbook, about, fields }: LogRecord): string {
  const all = { time: new Date(t).toISOString(), level, msg: message, run, playbook, ...about };
  return `${[...pairs(all), ...pairs(fields)].join(' ')}\n`;
}

/** `name=value` each, the value in quotes where it needs them. */
function pairs(fields: { [name: string]: Value }): string[] {
  return Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name}=${/^[^\s"=\p{C}\p{Zl}\p{Zp}]+$/u.test(text) ? text : JSON.stringify(text)}`;
  });
}
