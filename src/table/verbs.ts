import type { Mistake } from '../model/module.ts';
import type { Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';

/** The keys that may stand beside the verb of a step; those that must are under `needs`. */
interface Verb {
  also?: readonly string[];
  needs?: readonly string[];
  /** Each entry of its mapping is a step of its own, so that a fault is told at the entry, and one may build on the one before. */
  each?: true;
}

/** Every verb of a step. Kept apart from what they do, because every playbook with a table is checked by it before it runs. */
export const verbs: Record<string, Verb> = {
  filter: {},
  select: {},
  drop: {},
  rename: {},
  derive: { each: true },
  sort: {},
  distinct: { also: ['keep'] },
  fill: { also: ['method', 'by'] },
  drop_empty: {},
  cast: { also: ['invalid'], each: true },
  dates: { also: ['invalid'], each: true },
  group: { also: ['aggregate'] },
  join: { also: ['on', 'how', 'by', 'suffixes'] },
  union: {},
  pivot: { also: ['values', 'index', 'function', 'fill_value'] },
  unpivot: { also: ['index', 'names_to', 'values_to'] },
  transpose: { also: ['names_to'] },
  cut: { also: ['bins', 'quantiles', 'labels', 'right', 'into'] },
  window: { also: ['by', 'order', 'rows', 'min_rows'] },
  resample: { also: ['by', 'aggregate'], needs: ['every'] },
  value_counts: { also: ['normalize'] },
  describe: {},
  sample: { also: ['seed'] },
  head: {},
  tail: {},
  skip: {},
  sql: {},
};

/** The verb of a step that has been found right. */
export function verbOf(step: object): string {
  return Object.keys(step).find((key) => Object.hasOwn(verbs, key)) ?? '';
}

/** What is wrong in how steps are put together, which shows without any data. */
export function mistakesOf(steps: Value | undefined): Mistake[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step, i): Mistake[] => {
    if (typeof step !== 'object' || step === null || Array.isArray(step)) return [];
    const keys = Object.keys(step);
    const [name, second] = keys.filter((key) => Object.hasOwn(verbs, key));
    const path = ['steps', i];
    if (name === undefined) {
      const detail = `steps[${i}] says nothing to do; a step is one of ${Object.keys(verbs).join(', ')}`;
      return [{ path, detail }];
    }
    if (second !== undefined) {
      const advice = `write two steps: - ${name}: …, then - ${second}: …`;
      return [{ path: [...path, second], detail: `steps[${i}] has both ${name} and ${second}`, advice }];
    }
    const { also = [], needs = [] } = verbs[name]!;
    const known = [...also, ...needs];
    const strange = keys.filter((key) => key !== name && !known.includes(key));
    const near = strange.map((key) => similar(key, known));
    return [
      ...strange.map((key, at) => ({
        path: [...path, key],
        detail: `${key} does not go with ${name}`,
        ...(near[at] !== undefined
          ? { advice: `did you mean "${near[at]}"?` }
          : known.length > 0 && { advice: `${name} takes ${known.join(', ')}` }),
      })),
      ...needs
        .filter((key) => !keys.includes(key))
        .map((key) => ({ path: [...path, name], detail: `${name} needs ${key} beside it` })),
    ];
  });
}
