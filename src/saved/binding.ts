import type { PlanBinding } from '../execute/context.ts';
import type { SavedPlan, SavedStep } from '../model/saved-plan.ts';
import { problem } from '../problems/problem.ts';
import type { Item } from '../render/render-group.ts';
import { valueHash } from './hash.ts';
import { wantedOf } from './recorder.ts';

/** Rescue tasks run because something has failed, which no plan foresees. */
const isRescue = /\/rescue(\/|$)/;

/** The binding to one plan. */
export function createBinding(plan: SavedPlan): PlanBinding {
  const { salt } = plan;
  const hosts = new Map(
    Object.entries(plan.hosts).map(([name, { steps }]) => [name, new Map(steps.map((step) => [step.id, step]))]),
  );
  const stepOf = (host: string, item: Item): SavedStep | undefined => hosts.get(host)?.get(item.ref.step);
  return {
    refusal(host, item) {
      if (item.kind === 'done') return undefined;
      const step = stepOf(host, item);
      if (!step) {
        const open = isRescue.test(item.ref.step) || isWithinUnknown(hosts.get(host), item.ref.step);
        return open ? undefined : problem('E_PLAN_UNPLANNED', {});
      }
      if (step.status === 'skipped') return problem('E_PLAN_DRIFT', { seen: 'skipped', now: 'to be run' });
      if (step.params === undefined || step.params === valueHash(salt, wantedOf(item.rendered))) return undefined;
      return problem('E_PLAN_ASKS', { module: item.ref.module });
    },
    guard(host, item) {
      const step = stepOf(host, item);
      if (step?.state === undefined || step.loose || item.kind !== 'step') return undefined;
      const { state, seen = '', wanted = '' } = step;
      return { salt, state, seen, wanted, lastLine: item.resource.kind === 'edit' };
    },
  };
}

/** What stands in a block, a loop or a task of which the plan could only say that it is unknown. */
function isWithinUnknown(steps: ReadonlyMap<string, SavedStep> | undefined, id: string): boolean {
  for (let at = id.lastIndexOf('/'); at > 0; at = id.lastIndexOf('/', at - 1)) {
    if (steps?.get(id.slice(0, at))?.status === 'unknown') return true;
  }
  return false;
}
