import type { Scope } from '../model/scope.ts';
import type { PlannedTask } from '../plan/planned.ts';

/**
 * Whether a parameter reads facts or results of tasks, itself, through variables, or through an item of a loop over them. What a role was given
 * by `with` counts as the author's.
 */
export function isFromHosts(
  planned: PlannedTask,
  param: string,
  scopes: (heard: () => void) => { task: Scope; item: Scope },
): boolean {
  const found = planned.params.find(({ name }) => name === param);
  if (found?.kind !== 'value' || found.template.isStatic) return false;
  let isHeard = false;
  const { task, item } = scopes(() => {
    isHeard = true;
  });
  found.template.render(item);
  // The item may also be read through a variable of the task.
  if (planned.loop?.kind === 'list') planned.loop.template.render(task);
  else planned.loop?.expression.evaluate(task);
  return isHeard;
}
