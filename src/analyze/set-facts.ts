import { variableNameFault } from '../parse/names.ts';
import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** Names that set_fact cannot give: they mean something else, or no text could read them. */
export function findBadFactNames(plan: Plan): Problem[] {
  const tasks = plan.plays.flatMap((play) => [...play.tasks, ...play.handlers]);
  return tasks
    .filter(({ task }) => task.module === 'set_fact')
    .flatMap(({ task: { args } }) =>
      Object.keys(args.value).flatMap((name) => {
        const fault = variableNameFault(name);
        return fault ? [problem('E_VAR_NAME', { name, ...fault }, args.locate([name], 'key'))] : [];
      }),
    );
}
