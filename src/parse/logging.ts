import { levels } from '../model/log.ts';
import type { Logging } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isFields, isUnknown, report } from './context.ts';
import { describe } from './describe.ts';
import { checkKeys, missingKey } from './keys.ts';
import { within } from './located.ts';
import { readChoice, readMapping, readNumber, readText, wrong } from './read.ts';
import { readWebhook } from './webhook.ts';

/** Keys of `logging`. */
const loggingKeys = ['level', 'file', 'syslog', 'webhook'] as const;
const fileKeys = ['path', 'format', 'level', 'rotate'];
const rotateKeys = ['size', 'age', 'keep'];
const syslogKeys = ['to', 'facility', 'app', 'level'];

/** How a line of a log file is written. */
const logFormats = ['text', 'json', 'logfmt'] as const;
/** Names of facilities that a playbook may choose. */
const facilityNames = ['user', 'daemon', ...Array.from({ length: 8 }, (_, i) => `local${i}`)];

/** `logging:` of a playbook: where records of the run go. Each kind may be one or a list. */
export function readLogging(context: Context, entries: Entries): Logging | undefined {
  const logging = readMapping(context, entries, 'logging');
  if (!logging) return undefined;
  checkKeys(context, logging, 'logging', loggingKeys);
  const level = readChoice(context, logging, 'level', levels);
  return {
    ...(level && { level }),
    file: each(context, logging, 'file', 'path', (one) => readFile(context, one)),
    syslog: each(context, logging, 'syslog', 'to', (one) => readSyslog(context, one)),
    webhook: webhooks(context, logging),
  };
}

/** One or several; a text alone is the one key that must be there. */
function each(
  context: Context,
  entries: Entries,
  key: string,
  main: string,
  read: (entries: Entries) => void,
): Located<Fields>[] {
  const value = entries.value[key];
  if (value === undefined) return [];
  return [value].flat().flatMap((item, index): Located<Fields>[] => {
    const place = within(entries, Array.isArray(value) ? [key, index] : [key], item);
    if (typeof item === 'string') {
      const one: Located<Fields> = { value: { [main]: item }, locate: (_path, side) => place.locate([], side) };
      read(one);
      return [one];
    }
    if (!isFields(item)) {
      const facts = { what: `"${key}"`, wanted: 'text or a mapping', found: describe(item) };
      report(context, 'E_ITEM_TYPE', facts, place.locate());
      return [];
    }
    const one = within(place, [], item);
    if (item[main] === undefined)
      missingKey(context, one, { key: main, place: 'logging', advice: `write ${main}: …` }, [main]);
    read(one);
    return [one];
  });
}

function readFile(context: Context, file: Entries): void {
  checkKeys(context, file, 'logging', fileKeys);
  readText(context, file, 'path');
  readChoice(context, file, 'format', logFormats);
  readChoice(context, file, 'level', levels);
  const rotate = readMapping(context, file, 'rotate');
  if (!rotate) return;
  checkKeys(context, rotate, 'logging', rotateKeys);
  readNumber(context, rotate, 'keep', { least: 0 });
  checkText(context, rotate, 'size', /^\d+(\.\d+)?\s*([kmgt]i?b?|b)?$/i, 'a size such as 10M');
  checkText(context, rotate, 'age', /^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'a time such as 12h, 1d or 1w');
}

function readSyslog(context: Context, syslog: Entries): void {
  checkKeys(context, syslog, 'logging', syslogKeys);
  readText(context, syslog, 'app');
  readChoice(context, syslog, 'facility', facilityNames);
  readChoice(context, syslog, 'level', levels);
  checkText(
    context,
    syslog,
    'to',
    /^(udp|tcp):\/\/[^\s/]+\/?$|^unix:(\/\/)?\/.+$/,
    'udp://HOST:PORT, tcp://HOST:PORT or unix:/PATH',
  );
}

function checkText(context: Context, entries: Entries, key: string, pattern: RegExp, wanted: string): void {
  const value = entries.value[key];
  if (value === undefined || isUnknown(value)) return;
  if (!pattern.test(String(value))) wrong(context, entries, key, wanted);
}

function webhooks(context: Context, entries: Entries): Located<Fields>[] {
  const value = entries.value['webhook'];
  if (!Array.isArray(value)) return [readWebhook(context, entries, 'webhook', ['level'])].flatMap((one) => one ?? []);
  return value.flatMap((item, index) => {
    const one: Entries = {
      value: { webhook: item },
      locate: ([, ...path] = [], side) => entries.locate(['webhook', index, ...path], side),
    };
    return readWebhook(context, one, 'webhook', ['level']) ?? [];
  });
}
