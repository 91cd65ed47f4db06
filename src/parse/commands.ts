import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { checkKeys } from './keys.ts';
import { commandKeywords } from './keywords.ts';
import { within } from './located.ts';
import { readMapping, readText } from './read.ts';

/** One of the things that a playbook can be told to do. */
export interface Command {
  name: string;
  help?: string;
  params?: Located<Fields>;
  vars?: Located<Fields>;
  /** A list of plays, or one play. */
  plays: Located<Value[]>;
}

/** The commands of a playbook that has some, and the one that is meant: all of them where nobody has said which. Mistakes are reported. */
export function readCommands(context: Context, entries: Entries, entry: string | 'every' | undefined): Command[] {
  const { commands } = entries.value;
  if (!isFields(commands)) return [];
  const names = Object.keys(commands);
  const at = entries.locate(['commands'], 'key');
  if (entry === undefined) return report(context, 'E_COMMAND_MISSING', { file: context.file, names }, at) ?? [];
  if (entry !== 'every' && !names.includes(entry))
    return report(context, 'E_COMMAND_UNKNOWN', { name: entry, names, similar: similar(entry, names) }, at) ?? [];
  return names
    .filter((name) => entry === 'every' || name === entry)
    .flatMap((name) => readCommand(context, within(entries, ['commands', name], commands[name] ?? null), name) ?? []);
}

function readCommand(context: Context, item: Located<Value>, name: string): Command | undefined {
  if (!isFields(item.value)) {
    const facts = { what: `the command "${name}"`, wanted: 'a mapping with "plays", or with "hosts" and "tasks"' };
    return report(context, 'E_ITEM_TYPE', { ...facts, found: describe(item.value) }, item.locate());
  }
  const entries: Entries = within(item, [], item.value);
  const { help: _, params: __, ...play } = item.value;
  const hasPlays = item.value['plays'] !== undefined;
  // One play has the words of a play, which are checked with it.
  if (hasPlays) checkKeys(context, entries, 'command', commandKeywords);
  const [help, params] = [readText(context, entries, 'help')?.value, readMapping(context, entries, 'params')];
  const vars = hasPlays ? readMapping(context, entries, 'vars') : undefined;
  const plays = hasPlays ? entries.value['plays'] : undefined;
  return {
    name,
    ...(help !== undefined && { help }),
    ...(params && { params }),
    ...(vars && { vars }),
    plays: Array.isArray(plays)
      ? within(entries, ['plays'], plays)
      : { value: [play], locate: ([, ...rest] = [], side) => item.locate(rest, side) },
  };
}
