import type { Parsing } from '../model/playbook.ts';
import type { Fields } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { checkKeys } from './keys.ts';
import { within } from './located.ts';
import { readChoice, readFlag, readNumber, readText, readTexts, wrong } from './read.ts';

/** How the output of a task can be read. */
export const parseModes = ['json', 'ndjson', 'yaml', 'yaml_all', 'csv', 'kv', 'table', 'lines', 'regex'] as const;

/** What can be said about a mode, by its name: `parse: { csv: { delimiter: ';' } }`. */
export const parseOptions: Readonly<Partial<Record<Parsing['as'], readonly string[]>>> = {
  csv: ['delimiter', 'header'],
  kv: ['separator'],
  table: ['aligned', 'skip', 'columns'],
};

/** `parse: json`, `parse: { regex: PATTERN }` or `parse: { csv: { … } }`, of a task that has an output. */
export function readParsing(
  context: Context,
  entries: Entries,
  module: { name: string; result: Record<string, string> } | undefined,
): { parse?: Parsing } {
  const value = entries.value['parse'];
  if (value === undefined) return {};
  if (module && !('stdout' in module.result && 'rc' in module.result)) {
    report(context, 'E_PARSE_NO_OUTPUT', { module: module.name }, entries.locate(['parse'], 'key'));
    return {};
  }
  if (typeof value === 'string') {
    const as = readChoice(context, entries, 'parse', parseModes);
    if (as !== 'regex') return as ? { parse: { as } } : {};
    wrong(context, entries, 'parse', 'a mapping for regex', "write: parse: { regex: '(?P<name>…)' }");
    return {};
  }
  const modes = isFields(value) ? Object.keys(value) : [];
  if (modes.length !== 1 || !isFields(value)) {
    wrong(
      context,
      entries,
      'parse',
      `one of ${parseModes.join(', ')}`,
      modes.length > 1 ? 'only one way can be chosen' : undefined,
    );
    return {};
  }
  const inside: Entries = within(entries, ['parse'], value);
  checkKeys(context, inside, 'parse', parseModes);
  const as = parseModes.find((mode) => mode === modes[0]);
  const parse = as && readMode(context, inside, as);
  return parse ? { parse } : {};
}

function readMode(context: Context, inside: Entries, as: Parsing['as']): Parsing | undefined {
  if (as === 'regex') {
    const pattern = readText(context, inside, 'regex');
    return pattern && { as, pattern };
  }
  const given = inside.value[as];
  if (given === true || given === null) return { as };
  const keys = parseOptions[as];
  if (!isFields(given) || !keys) return wrong(context, inside, as, keys ? 'a mapping' : 'true');
  const options: Entries = within(inside, [as], given);
  checkKeys(context, options, 'parse', keys);
  const header = readFlag(context, options, 'header');
  const aligned = readFlag(context, options, 'aligned');
  const skip = readNumber(context, options, 'skip', { least: 0 });
  const read: Fields = {
    ...texts(context, options, ['delimiter', 'separator']),
    ...(header !== undefined && { header }),
    ...(aligned !== undefined && { aligned }),
    ...(skip !== undefined && { skip }),
    ...(given['columns'] !== undefined && {
      columns: readTexts(context, options, 'columns').map((text) => text.value),
    }),
  };
  return { as, options: read };
}

/** What separates may be white space. */
function texts(context: Context, options: Entries, keys: readonly string[]): Fields {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = options.value[key];
      if (value === undefined) return [];
      if (typeof value === 'string' && value !== '') return [[key, value]];
      wrong(context, options, key, 'text');
      return [];
    }),
  );
}
