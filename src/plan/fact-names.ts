import type { Fields } from '../model/value.ts';
import type { PlannedTask } from './planned.ts';

/** Variables that a task gives its host when it is done: what `set_fact` is told to set, or what another module says that it sets. */
export function factNames({ task, module }: Pick<PlannedTask, 'task' | 'module'>): string[] {
  if (task.module === 'set_fact') return Object.keys(task.args.value);
  return module.factNames?.(task.args.value as Fields) ?? Object.keys(module.facts ?? {});
}
