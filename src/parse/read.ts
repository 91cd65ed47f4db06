import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Context, type Entries, isFields, isTemplate, report } from './context.ts';
import { describe } from './describe.ts';
import { parseDuration } from './duration.ts';
import { within } from './located.ts';
import { nearName } from './near.ts';

/*
 * Readers of one key each: undefined when the key is absent, and undefined with a problem when its value is of the wrong kind.
 */

/** Text; a number is taken as its digits. */
export function readText(context: Context, entries: Entries, key: string): Located<string> | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return wrong(context, entries, key, 'text');
  if (text.trim() === '') return wrong(context, entries, key, 'text');
  return within(entries, [key], text);
}

/** `true` or `false`. Words such as `yes` are text in YAML 1.2, and are told apart from other text. */
export function readFlag(context: Context, entries: Entries, key: string): boolean | undefined {
  const value = entries.value[key];
  if (value === undefined || typeof value === 'boolean') return value;
  const meant = typeof value === 'string' ? WORDS.get(value.toLowerCase()) : undefined;
  const advice =
    meant !== undefined
      ? `write: ${key}: ${meant}`
      : isTemplate(value)
        ? 'it is needed before anything is rendered; use "when" on two tasks instead'
        : undefined;
  return wrong(context, entries, key, 'true or false', advice);
}

const WORDS = new Map([
  ...['yes', 'y', 'on', 'true', '1'].map((word) => [word, true] as const),
  ...['no', 'n', 'off', 'false', '0'].map((word) => [word, false] as const),
]);

/** A text or a list of texts, each with its path. */
export function readTexts(context: Context, entries: Entries, key: string): Located<string>[] {
  const value = entries.value[key];
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  const texts: Located<string>[] = [];
  for (const [index, item] of items.entries()) {
    const path = Array.isArray(value) ? [key, index] : [key];
    const text = typeof item === 'number' ? String(item) : item;
    if (typeof text === 'string' && text.trim() !== '') texts.push(within(entries, path, text));
    else {
      if (!Array.isArray(value)) wrong(context, entries, key, 'text or a list of texts');
      else {
        const facts = { what: `an entry of "${key}"`, wanted: 'text', found: describe(item) };
        report(context, 'E_ITEM_TYPE', facts, entries.locate(path));
      }
    }
  }
  return texts;
}

/** One of a few words. */
export function readChoice<T extends string>(
  context: Context,
  entries: Entries,
  key: string,
  allowed: readonly T[],
): T | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  if (typeof value !== 'string') return wrong(context, entries, key, `one of ${allowed.join(', ')}`);
  const near = nearName(value, allowed);
  const facts = { key, found: value, allowed: [...allowed], ...(near !== undefined && { similar: near }) };
  return report(context, 'E_KEY_VALUE', facts, entries.locate([key]));
}

/** A length of time in milliseconds. */
export function readDuration(context: Context, entries: Entries, key: string): number | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  const time = parseDuration(value);
  if (time !== undefined) return time;
  return report(context, 'E_DURATION', { key, found: describe(value) }, entries.locate([key]));
}

/** A number from `least` on; whole unless `fraction`. A number whose text had to be kept (`2.0`) counts. */
export function readNumber(
  context: Context,
  entries: Entries,
  key: string,
  { least, fraction = false }: { least: number; fraction?: boolean },
): number | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^[0-9]+(?:\.[0-9]+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number >= least && (fraction || Number.isSafeInteger(number))) return number;
  return wrong(context, entries, key, `a ${fraction ? '' : 'whole '}number of at least ${least}`);
}

/** A mapping. */
export function readMapping(context: Context, entries: Entries, key: string): Located<Fields> | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  if (!isFields(value)) return wrong(context, entries, key, 'a mapping');
  return within(entries, [key], value);
}

/** A list. */
export function readList(context: Context, entries: Entries, key: string): Located<Value[]> | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    const glued = isFields(value) && Object.keys(value).every((name) => name.startsWith('-'));
    return wrong(
      context,
      entries,
      key,
      'a list',
      glued ? 'a "-" needs a space after it' : 'begin each entry with "- "',
    );
  }
  return within(entries, [key], value);
}

/** A key that has two names: the value is read by the one that is given, and both together are a problem. */
export function eitherKey(context: Context, entries: Entries, key: string, other: string): string {
  if (entries.value[other] === undefined) return key;
  if (entries.value[key] === undefined) return other;
  const also = [{ at: entries.locate([key], 'key'), label: `"${key}" is here` }];
  report(context, 'E_KEY_BOTH', { key: other, other: key }, entries.locate([other], 'key'), also);
  return key;
}

/** Reports a value of the wrong kind at its place. */
export function wrong(context: Context, entries: Entries, key: string, wanted: string, advice?: string): undefined {
  const value = entries.value[key] ?? null;
  const facts = { key, wanted, found: describe(value), ...(advice !== undefined && { advice }) };
  report(context, 'E_KEY_TYPE', facts, entries.locate([key], value === null ? 'key' : 'value'));
}
