import type { Inventory } from '../model/inventory.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { assign } from './assign.ts';
import type { Constructed, KeyedGroup, WrittenExpression } from './constructed.ts';
import { type Draft, isFields, kindOf, mentionGroup, mentionHost } from './draft.ts';

/** What an expression gives for a host: a value, nothing because the host lacks a variable, or why it fails. Both may have problems to tell. */
export type Outcome = { value: Value } | { missing: boolean; problems: Problem[] };

/** Compiles expressions over the hosts of an inventory. */
export interface HostExpressions {
  compile(text: string, at: Span): { evaluate?: (host: string) => Outcome; problems: Problem[] };
}

/** Makes them for an inventory; given by execute/, which knows what a host's templates see. */
export type ExpressionsOf = (inventory: Inventory) => Promise<HostExpressions>;

/** What is known when the groups are made. */
export interface ConstructOptions {
  inventory: Inventory;
  expressions: ExpressionsOf;
}

/** Adds the variables and groups of a constructed file to the draft: first `compose`, which the others see, then `groups` and `keyed_groups`. */
export async function construct(
  draft: Draft,
  file: Constructed,
  { inventory, expressions }: ConstructOptions,
): Promise<void> {
  const listed = [...inventory.hosts.values()].filter((host) => !host.implicit).map(({ name }) => name);
  const hosts = listed.filter((name) => file.only?.has(name) ?? true);
  const builder: Builder = { draft, strict: file.strict, hosts, expressions: await expressions(inventory) };
  for (const [name, written] of file.compose) {
    const layer = `compose of ${file.file}`;
    const first = builder.draft.problems;
    forEachHost(builder, written, (host, value) => {
      const definition = { value, layer, at: written.at, data: true };
      const made = assign({ name, definition, key: () => written.key }, first);
      mentionHost(draft, host).vars.push(...made);
      inventory.hosts.get(host)?.vars.set(name, [...(inventory.hosts.get(host)?.vars.get(name) ?? []), definition]);
    });
  }
  // What was read before the new variables is not read again.
  if (file.compose.size > 0) builder.expressions = await expressions(inventory);
  for (const [name, written] of file.groups) {
    const group = mentionGroup(draft, name, written.key);
    forEachHost(builder, written, (host, value) => {
      if (typeof value !== 'boolean')
        draft.problems.push(problem('E_CONSTRUCTED_BOOL', { group: name, host, got: kindOf(value) }, written.at));
      else if (value) group?.hosts.add(host);
    });
  }
  for (const keyed of file.keyed) addKeyed(builder, keyed);
}

interface Builder {
  draft: Draft;
  strict: boolean;
  hosts: readonly string[];
  expressions: HostExpressions;
}

function forEachHost(
  { draft, strict, hosts, expressions }: Builder,
  { text, at }: WrittenExpression,
  use: (host: string, value: Value) => void,
): void {
  const { evaluate, problems } = expressions.compile(text, at);
  draft.problems.push(...problems);
  if (!evaluate) return;
  for (const host of hosts) {
    const outcome = evaluate(host);
    if ('value' in outcome) use(host, outcome.value);
    else if (strict || !outcome.missing) {
      // The next hosts would say the same.
      draft.problems.push(...outcome.problems);
      return;
    }
  }
}

function addKeyed(builder: Builder, keyed: KeyedGroup): void {
  const { draft } = builder;
  const parent = keyed.parent && mentionGroup(draft, keyed.parent.name, keyed.parent.at);
  forEachHost(builder, keyed.key, (host, value) => {
    const names = groupNames(value, keyed);
    if (!names) draft.problems.push(problem('E_CONSTRUCTED_VALUE', { host, got: kindOf(value) }, keyed.key.at));
    for (const name of names ?? []) {
      const group = mentionGroup(draft, name, keyed.key.at);
      group?.hosts.add(host);
      if (group) parent?.children.set(name, keyed.key.at);
    }
  });
}

/** A value gives one group, a list one for each item, a mapping one for each pair. An empty value gives none, unless something stands for it. */
function groupNames(value: Value, { prefix, separator, leading, trailing, empty }: KeyedGroup): string[] | undefined {
  const bare: string[] = [];
  const add = (part: Value, pair?: string): boolean => {
    const text =
      typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean' ? String(part) : undefined;
    if (text === undefined && part !== null) return false;
    const named = text || (empty ?? '');
    if (pair !== undefined) bare.push(named !== '' || trailing ? pair + separator + named : pair);
    else if (named !== '') bare.push(named);
    return true;
  };
  const parts = isFields(value)
    ? Object.entries(value).map(([name, part]) => add(part, name))
    : (Array.isArray(value) ? value : [value]).map((part) => add(part));
  if (parts.includes(false)) return undefined;
  const start = prefix === '' ? (leading ? separator : '') : prefix + separator;
  return bare.map((name) => safe(start + name));
}

/** Ansible's rule for such names: letters, digits and `_`. */
function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
