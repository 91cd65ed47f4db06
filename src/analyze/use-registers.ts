import type { Reference } from '../expr/expression.ts';
import { bodiesAround, isPlannedBlock, type Plan, type PlannedBlock, type PlannedPlay } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/** Names of includes and roles that depend on results: what may be meant could not be checked before the run. */
export function findNamesFromResults(plan: Plan, given: ReadonlySet<string>): Problem[] {
  return plan.plays.flatMap((play) =>
    play.readers.filter(isPlannedBlock).flatMap((block) => {
      const { choice } = block;
      if (!choice || block.task.kind === 'block') return [];
      const kind = block.task.kind;
      const find = variablesOf(plan, play, block);
      return choice.references.flatMap((reference) => {
        const name = resultBehind(reference, { find, given });
        return name === undefined ? [] : [problem('E_USE_REGISTER', { kind, name }, reference.at)];
      });
    }),
  );
}

function variablesOf(plan: Plan, play: PlannedPlay, block: PlannedBlock): (name: string) => ValueTemplate | undefined {
  const around = [...bodiesAround(block)];
  return (name) => {
    for (const { block: outer, vars } of around) {
      const found = outer.with.get(name) ?? vars.get(name);
      if (found) return found;
    }
    return play.vars.get(name) ?? plan.vars.get(name);
  };
}

/** The result that a name is, or that the variable it is needs. */
function resultBehind(
  { root }: Reference,
  options: { find(name: string): ValueTemplate | undefined; given: ReadonlySet<string> },
  seen: ReadonlySet<string> = new Set(),
): string | undefined {
  if (seen.has(root)) return undefined;
  const variable = options.find(root);
  if (!variable) return options.given.has(root) ? root : undefined;
  for (const reference of variable.references) {
    const name = resultBehind(reference, options, new Set([...seen, root]));
    if (name !== undefined) return name;
  }
  return undefined;
}
