import { type Occasion, occasions, type Report } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { checkKeys, missingKey } from './keys.ts';
import { loadModule } from './load-module.ts';
import { within } from './located.ts';
import { nearName } from './near.ts';
import { checkParams } from './params.ts';
import { readMapping, wrong } from './read.ts';
import { readWebhook } from './webhook.ts';

/** Keys of an entry of `report`. */
const reportKeys = ['on', 'mail', 'webhook'] as const;

/** `report:` of a playbook: what is told when the run has ended, and to whom; one mapping or a list of them. */
export async function readReports(context: Context, entries: Entries): Promise<Report[]> {
  const value = entries.value['report'];
  if (value === undefined) return [];
  if (!Array.isArray(value) && !isFields(value)) {
    wrong(
      context,
      entries,
      'report',
      'a mapping or a list of them',
      'for example: report: { on: failure, mail: { … } }',
    );
    return [];
  }
  const reports: Report[] = [];
  for (const [index, item] of [value].flat().entries()) {
    const place = Array.isArray(value) ? within(entries, ['report', index], item) : within(entries, ['report'], item);
    const read = await readReport(context, place);
    if (read) reports.push(read);
  }
  return reports;
}

async function readReport(context: Context, item: Located<Value>): Promise<Report | undefined> {
  if (!isFields(item.value)) {
    const facts = { what: 'an entry of "report"', wanted: 'a mapping', found: describe(item.value) };
    return report(context, 'E_ITEM_TYPE', facts, item.locate());
  }
  const entries: Entries = within(item, [], item.value);
  checkKeys(context, entries, 'report', reportKeys);
  if (entries.value['on'] === undefined)
    return missingKey(
      context,
      entries,
      { key: 'on', place: 'report', advice: `write on: ${occasions.join(', ')}` },
      reportKeys,
    );
  const on = readOccasions(context, entries);
  const mail = await readMail(context, entries);
  const webhook = readWebhook(context, entries, 'webhook', ['format']);
  if (entries.value['mail'] === undefined && entries.value['webhook'] === undefined) {
    const advice = 'say where it goes: mail: { from: …, to: … }, or webhook: https://…';
    return missingKey(context, entries, { key: 'mail', place: 'report', advice }, reportKeys);
  }
  return { on, ...(mail && { mail }), ...(webhook && { webhook }) };
}

function readOccasions(context: Context, entries: Entries): Occasion[] {
  const value = entries.value['on'];
  const found: Occasion[] = [];
  if (Array.isArray(value) && value.length === 0)
    wrong(context, entries, 'on', `one of ${occasions.join(', ')}, or a list of them`);
  for (const [index, item] of [value].flat().entries()) {
    const known = occasions.find((one) => one === item);
    if (known !== undefined) {
      found.push(known);
      continue;
    }
    const at = entries.locate(Array.isArray(value) ? ['on', index] : ['on']);
    const near = typeof item === 'string' ? nearName(item, occasions) : undefined;
    const facts = {
      key: 'on',
      found: typeof item === 'string' ? item : describe(item ?? null),
      allowed: [...occasions],
    };
    report(context, 'E_KEY_VALUE', { ...facts, ...(near !== undefined && { similar: near }) }, at);
  }
  return found;
}

/** The parameters of the module `mail`; subject and text have something to say by themselves. */
async function readMail(context: Context, entries: Entries): Promise<Located<Fields> | undefined> {
  const given = readMapping(context, entries, 'mail');
  if (!given) return undefined;
  const args = { ...given, value: { subject: '{{run.verdict}}', ...given.value } };
  const module = Object.hasOwn(context.modules, 'mail') ? await loadModule(context, 'mail', entries) : undefined;
  return module ? checkParams(context, { module, entries, args }) : args;
}
