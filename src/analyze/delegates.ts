import type { Inventory } from '../model/inventory.ts';
import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';

/** Hosts that tasks are delegated to by name, and that the inventory does not have. */
export function findUnknownDelegates(plan: Plan, inventory: Inventory): Problem[] {
  const tasks = plan.plays.flatMap((play) => [...play.tasks, ...play.handlers]);
  return tasks.flatMap(({ delegateTo, task }) => {
    const host = delegateTo?.isStatic ? task.delegateTo?.value : undefined;
    if (host === undefined || host === 'localhost' || inventory.hosts.has(host) || plan.joining.may(host)) return [];
    const near = similar(host, inventory.hosts.keys());
    return [problem('E_DELEGATE_UNKNOWN', { host, similar: near }, task.source.locate(['delegate_to']))];
  });
}
