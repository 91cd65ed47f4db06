import type { Module } from '../model/module.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { describe } from './describe.ts';
import { keyValueForm } from './key-value.ts';
import { within } from './located.ts';
import { merged } from './outer.ts';
import { checkParams, paramsOf } from './params.ts';

/** A task's parameters as a mapping, a short form expanded, on top of those from `module_defaults`, and checked as far as they hold no template; undefined when they have no such form. */
export async function readArgs(
  context: Context,
  entries: Entries,
  { module, defaults }: { module: Module; defaults: Located<Fields> | undefined },
): Promise<Located<Fields> | undefined> {
  const own = await mappingOf(context, entries, module);
  return own && (await checkParams(context, { module, entries, args: merged(defaults, own) }));
}

async function mappingOf(context: Context, entries: Entries, module: Module): Promise<Located<Fields> | undefined> {
  const { name, shorthand } = module;
  const value: Value = entries.value[name] ?? null;
  if (isFields(value)) return within(entries, [name], value);
  if (value === null) return within(entries, [name], {});
  const fixed = typeof value === 'string' ? await keyValueForm(context, module, value) : undefined;
  if (fixed !== undefined)
    return report(context, 'E_MODULE_KEY_VALUE', { module: name, fixed }, entries.locate([name]));
  if (shorthand !== undefined) return shortForm(entries, name, shorthand);
  const facts = { module: name, found: describe(value), params: await paramsOf(context, module) };
  return report(context, 'E_MODULE_FORM', facts, entries.locate([name]));
}

/** `command: ls` as `{ cmd: ls }`, with the places of what was written. */
function shortForm(entries: Entries, name: string, shorthand: string): Located<Fields> {
  return {
    value: { [shorthand]: entries.value[name] ?? null },
    locate: (path = [], side = 'value') => {
      const [first, ...rest] = path;
      return first === shorthand
        ? entries.locate([name, ...rest], rest.length > 0 ? side : 'value')
        : entries.locate([name], side);
    },
  };
}
