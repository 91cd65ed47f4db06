import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { givenBy } from './givers.ts';

/** What `--set` gives in vain: names that nothing reads, and names to which tasks give a value, which would never be seen. */
export function findSetMistakes(plan: Plan, mentioned: ReadonlySet<string>): Problem[] {
  const givers = new Map(
    plan.plays.flatMap((play) =>
      [...play.readers, ...play.handlers].flatMap((planned) =>
        givenBy(planned, play).map((giver) => [giver.name, giver] as const),
      ),
    ),
  );
  return [...plan.set.keys()].flatMap((name) => {
    const giver = givers.get(name);
    if (giver) {
      const also = [{ at: giver.at, label: `"${name}" is given here` }];
      return [problem('E_SET_GIVEN', { name }, undefined, also)];
    }
    // Somebody may ask for all variables by computed names.
    if (mentioned.has(name) || mentioned.has('vars')) return [];
    const near = similar(name, mentioned);
    return [problem('E_SET_UNUSED', { name, similar: near })];
  });
}
