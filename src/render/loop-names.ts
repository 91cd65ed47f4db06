import type { PlannedReader } from '../plan/planned.ts';

/** What a task or block calls its item and its number: `item` and `index` unless it says otherwise; nothing without a loop. */
export function loopNames({ task }: Pick<PlannedReader, 'task'>): [] | [item: string, index: string] {
  if (task.loop === undefined) return [];
  const { loopVar = 'item', indexVar = 'index' } = task.loopControl;
  return [loopVar, indexVar];
}

/** What the tasks of a `rescue` see of what has failed: the task's name and module, and its result. */
export const rescueNames = ['failed_task', 'failed_result'] as const;
