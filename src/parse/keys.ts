import { foreignKeys } from '../problems/words/foreign-keys.ts';
import type { FactsOf } from '../problems/words/index.ts';
import type { Place } from '../problems/words/playbook.ts';
import { type Context, type Entries, report } from './context.ts';
import { playbookKeywords, playKeywords, taskKeywords } from './keywords.ts';
import { nearName } from './near.ts';

const belongings: readonly { names: ReadonlySet<string>; place: string }[] = [
  { names: new Set<string>(playKeywords), place: 'a play' },
  {
    names: new Set(['notify']),
    place: 'a task, about handlers; people are told how a run ended by "report", at the top of a file',
  },
  { names: new Set<string>(taskKeywords), place: 'a task, beside its module' },
  { names: new Set<string>(playbookKeywords), place: 'a file with "plays", at its top' },
];

/** Reports every key that a mapping does not take: known from elsewhere, misplaced, or a typo. */
export function checkKeys(context: Context, entries: Entries, place: Place, allowed: readonly string[]): void {
  for (const key of Object.keys(entries.value)) {
    if (!allowed.includes(key)) unknownKey(context, entries, { key, place, allowed });
  }
}

/** Reports a key that must be there, unless one that is there looks like a typo of it. */
export function missingKey(
  context: Context,
  entries: Entries,
  facts: FactsOf<'E_KEY_MISSING'>,
  allowed: readonly string[],
): undefined {
  const typo = Object.keys(entries.value).some((key) => !allowed.includes(key) && nearName(key, allowed) === facts.key);
  return typo ? undefined : report(context, 'E_KEY_MISSING', facts, entries.locate());
}

/** Reports one key that is not taken. */
export function unknownKey(
  context: Context,
  entries: Entries,
  { key, place, allowed }: { key: string; place: Place; allowed: readonly string[] },
): undefined {
  const at = entries.locate([key], 'key');
  if (Object.hasOwn(foreignKeys, key)) return report(context, 'E_KEY_FOREIGN', { key }, at);
  const elsewhere = belongings.find(({ names }) => names.has(key))?.place;
  const belongs =
    elsewhere ?? (Object.hasOwn(context.modules, key) ? 'a task: it is a module, which goes under "tasks"' : undefined);
  if (belongs !== undefined && place !== 'loop_control' && place !== 'retry')
    return report(context, 'E_KEY_MISPLACED', { key, place, belongs }, at);
  const near = nearName(key, allowed);
  const facts = { key, place, allowed: [...allowed], ...(near !== undefined && { similar: near }) };
  return report(context, 'E_KEY_UNKNOWN', facts, at);
}
