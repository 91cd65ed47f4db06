import type { Module } from '../model/module.ts';
import type { Task } from '../model/playbook.ts';
import { readBackground } from './background.ts';
import { readConditions } from './conditions.ts';
import { type Context, type Entries, report } from './context.ts';
import { defaultName } from './default-name.ts';
import { findModule } from './find-module.ts';
import { checkNotify } from './handlers.ts';
import { loadModule } from './load-module.ts';
import { readLoop } from './loop.ts';
import { readArgs } from './module-args.ts';
import { registerNameFault } from './names.ts';
import type { Outer } from './outer.ts';
import { readParsing } from './parsing.ts';
import { readPassed } from './passed.ts';
import { eitherKey, readFlag, readText, readTexts } from './read.ts';
import { readRetry } from './retry.ts';

/** Reads a task or a handler. Undefined, with a problem, when it cannot be a task at all; everything else in it is read and reported anyway. */
export async function readTask(
  context: Context,
  { entries, id, outer }: { entries: Entries; id: string; outer: Outer },
): Promise<Task | undefined> {
  const name = await findModule(context, entries);
  const module = name === undefined ? undefined : await loadModule(context, name, entries);
  const args = module && (await readArgs(context, entries, { module, defaults: outer.defaults.get(module.name) }));
  const words = readWords(context, entries, { outer, module });
  checkNotify(context, entries, outer.handlers);
  if (!module || !args) return undefined;
  const given = readText(context, entries, 'name')?.value;
  return {
    ...words,
    id,
    name: given ?? defaultName(module, args.value),
    module: module.name,
    definition: module,
    args,
    source: entries,
  };
}

/** Everything a task says around its module. */
function readWords(
  context: Context,
  entries: Entries,
  { outer, module }: { outer: Outer; module: Module | undefined },
): Omit<Task, 'id' | 'name' | 'module' | 'definition' | 'args' | 'source'> {
  const register = readRegister(context, entries);
  const retry = readRetry(context, entries);
  const cwd = readText(context, entries, eitherKey(context, entries, 'cwd', 'chdir'));
  return {
    ignoreErrors: false,
    ...readPassed(context, entries, outer),
    ...readLoop(context, entries),
    when: readConditions(context, entries, 'when'),
    changedWhen: readConditions(context, entries, 'changed_when'),
    failedWhen: readConditions(context, entries, 'failed_when'),
    until: readConditions(context, entries, 'until'),
    barrier: readFlag(context, entries, 'barrier') ?? false,
    notify: readTexts(context, entries, 'notify').map((text) => text.value),
    listen: readTexts(context, entries, 'listen').map((text) => text.value),
    ...(register !== undefined && { register }),
    ...(retry && { retry }),
    ...(cwd && { cwd }),
    ...readBackground(context, entries, module?.name),
    ...readParsing(context, entries, module),
  };
}

/** `register`, the name under which a result is kept. */
export function readRegister(context: Context, entries: Entries): string | undefined {
  const name = readText(context, entries, 'register');
  const fault = name && registerNameFault(name.value);
  if (fault) return report(context, 'E_REGISTER_NAME', { name: name.value, ...fault }, name.locate());
  return name?.value;
}
