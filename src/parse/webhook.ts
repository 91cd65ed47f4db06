import { levels } from '../model/log.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isFields, isUnknown, report } from './context.ts';
import { checkKeys, missingKey } from './keys.ts';
import { within } from './located.ts';
import { readChoice, readFlag, readMapping, readNumber, readText, wrong } from './read.ts';

/** What the body of a webhook is made for. */
const webhookFormats = ['json', 'slack', 'teams'] as const;

/** Keys of every webhook. */
const webhookKeys = ['url', 'headers', 'timeout', 'ca', 'verify'] as const;

/** A web address that is told something: the address alone, or a mapping. What it holds is checked, and may hold templates. */
export function readWebhook(
  context: Context,
  entries: Entries,
  key: string,
  more: readonly string[] = [],
): Located<Fields> | undefined {
  const value = entries.value[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string') {
    checkUrl(context, entries, key);
    return { value: { url: value }, locate: (_path, side) => entries.locate([key], side) };
  }
  if (!isFields(value)) return wrong(context, entries, key, 'an address or a mapping');
  const hook = within(entries, [key], value);
  const keys = [...webhookKeys, ...more];
  checkKeys(context, hook, 'webhook', keys);
  if (value['url'] === undefined)
    return missingKey(context, hook, { key: 'url', place: 'webhook', advice: 'write url: https://…' }, keys);
  readText(context, hook, 'url');
  checkUrl(context, hook, 'url');
  readMapping(context, hook, 'headers');
  readNumber(context, hook, 'timeout', { least: 0, fraction: true });
  readText(context, hook, 'ca');
  readFlag(context, hook, 'verify');
  if (more.includes('format')) readChoice(context, hook, 'format', webhookFormats);
  if (more.includes('level')) readChoice(context, hook, 'level', levels);
  return hook;
}

function checkUrl(context: Context, entries: Entries, key: string): void {
  const url = entries.value[key];
  if (typeof url !== 'string' || isUnknown(url)) return;
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  report(context, 'E_URL', { key, found: url }, entries.locate([key]));
}
