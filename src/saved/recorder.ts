import type { ConcludedStep } from '../execute/context.ts';
import type { SavedStep } from '../model/saved-plan.ts';
import type { Fields, Value } from '../model/value.ts';
import { saltedHash, valueHash } from './hash.ts';
import { changes, looksAt, mayBeSeen, type Places } from './influence.ts';
import { masked } from './masked.ts';

/** Steps of all hosts of a check run, in the order in which each host came to them. */
export interface Recorder {
  concluded(step: ConcludedStep): void;
  steps(host: string): SavedStep[];
}

/** Nothing recorded yet. `hide`: masks what must not be shown. */
export function createRecorder(salt: string, hide: (text: string) => string): Recorder {
  const hosts = new Map<string, { steps: SavedStep[]; changed: Places[] }>();
  const of = (host: string): { steps: SavedStep[]; changed: Places[] } => {
    const known = hosts.get(host) ?? { steps: [], changed: [] };
    hosts.set(host, known);
    return known;
  };
  return {
    concluded({ host, item, result }) {
      const { steps, changed } = of(host);
      const { ref } = item;
      const resource = item.kind === 'step' ? item.resource : undefined;
      const step: SavedStep = {
        id: ref.step,
        task: masked(ref.task, hide),
        module: ref.module,
        status: result.status,
      };
      if (item.kind !== 'done') step.params = valueHash(salt, wantedOf(item.rendered));
      if (result.state) {
        const { seen, wanted } = result.state;
        step.seen = masked(seen, hide);
        step.wanted = masked(wanted, hide);
        step.state = saltedHash(salt, `${seen}\n${wanted}`);
      }
      if (resource && changed.some((places) => mayBeSeen(places, looksAt(resource)))) step.loose = true;
      steps.push(step);
      if (result.status === 'would-change' || result.status === 'unknown') {
        if (resource) changed.push(changes(resource));
        else if (['block', 'include', 'role'].includes(ref.module)) changed.push('any');
      }
    },
    steps: (host) => of(host).steps,
  };
}

/** All that a task asks for, filled in. */
export function wantedOf({ params, env, cwd }: { params: Fields; env: Fields; cwd?: string }): Value {
  return { params, env, cwd: cwd ?? null };
}
