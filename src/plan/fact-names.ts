import type { PlannedTask } from './planned.ts';

/** Variables that a task gives its host when it is done: what `set_fact` is told to set, or what another module says that it sets. */
export function factNames({ task, module }: Pick<PlannedTask, 'task' | 'module'>): string[] {
  return Object.keys(task.module === 'set_fact' ? task.args.value : (module.facts ?? {}));
}
