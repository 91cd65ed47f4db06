import type { Become, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { readConditions } from './conditions.ts';
import { type Context, type Entries, isFields, report } from './context.ts';
import { defaultName } from './default-name.ts';
import { describe } from './describe.ts';
import { findModule } from './find-module.ts';
import { readInherited } from './inherited.ts';
import { loadModule } from './load-module.ts';
import { within } from './located.ts';
import { readLoop } from './loop.ts';
import { readArgs } from './module-args.ts';
import { registerNameFault } from './names.ts';
import { eitherKey, readDuration, readFlag, readText, readTexts } from './read.ts';
import { readRetry } from './retry.ts';

/** Reads one entry of `tasks` or `handlers`. Undefined, with a problem, when it cannot be a task at all; everything else in it is read and reported anyway. */
export async function readTask(
  context: Context,
  { item, id, become }: { item: Located<Value>; id: string; become: Become | undefined },
): Promise<Task | undefined> {
  const { value } = item;
  if (!isFields(value)) {
    const advice = value === null ? 'delete the "-", or write a module after it' : 'for example: - debug: hello';
    const facts = { what: 'a task', wanted: 'a mapping', found: describe(value), advice };
    return report(context, 'E_ITEM_TYPE', facts, item.locate());
  }
  const entries: Entries = within(item, [], value);
  const name = await findModule(context, entries);
  const module = name === undefined ? undefined : await loadModule(context, name, entries);
  const args = module && (await readArgs(context, entries, module));
  const words = readWords(context, entries, become);
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
  become: Become | undefined,
): Omit<Task, 'id' | 'name' | 'module' | 'definition' | 'args' | 'source'> {
  const register = readRegister(context, entries);
  const retry = readRetry(context, entries);
  const delegateTo = readText(context, entries, 'delegate_to');
  const cwd = readText(context, entries, eitherKey(context, entries, 'cwd', 'chdir'));
  const timeout = readDuration(context, entries, 'timeout');
  const checkMode = readFlag(context, entries, 'check_mode');
  return {
    ...readInherited(context, entries, become),
    ...readLoop(context, entries),
    when: readConditions(context, entries, 'when'),
    changedWhen: readConditions(context, entries, 'changed_when'),
    failedWhen: readConditions(context, entries, 'failed_when'),
    until: readConditions(context, entries, 'until'),
    ignoreErrors: readFlag(context, entries, 'ignore_errors') ?? false,
    barrier: readFlag(context, entries, 'barrier') ?? false,
    notify: readTexts(context, entries, 'notify').map((text) => text.value),
    ...(register !== undefined && { register }),
    ...(retry && { retry }),
    ...(delegateTo && { delegateTo }),
    ...(cwd && { cwd }),
    ...(timeout !== undefined && { timeout }),
    ...(checkMode !== undefined && { checkMode }),
  };
}

function readRegister(context: Context, entries: Entries): string | undefined {
  const name = readText(context, entries, 'register');
  const fault = name && registerNameFault(name.value);
  if (fault) return report(context, 'E_REGISTER_NAME', { name: name.value, ...fault }, name.locate());
  return name?.value;
}
