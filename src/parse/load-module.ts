import type { Module } from '../model/module.ts';
import { ProblemError } from '../problems/problem.ts';
import type { Context, Entries } from './context.ts';

/** The module that a task names, read now when this is the first task that does. Undefined, with problems, when it is not as a module must be. */
export async function loadModule(context: Context, name: string, entries: Entries): Promise<Module | undefined> {
  const known = context.modules[name];
  if (typeof known !== 'function') return known;
  try {
    return await known();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const at = entries.locate([name], 'key');
    for (const each of error.problems) {
      const also = each.at ? [...(each.also ?? []), { at, label: 'it is used here' }] : each.also;
      context.problems.push({ ...each, at: each.at ?? at, ...(also && { also }) });
    }
    return undefined;
  }
}
