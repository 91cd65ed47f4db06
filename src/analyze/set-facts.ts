import { variableNameProblems } from '../parse/names.ts';
import type { Plan } from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';

/** Names that set_fact cannot give: they mean something else, or no text could read them. */
export function findBadFactNames(plan: Plan): Problem[] {
  const tasks = plan.plays.flatMap((play) => [...play.tasks, ...play.handlers]);
  return tasks.flatMap(({ task }) => (task.module === 'set_fact' ? variableNameProblems(task.args) : []));
}
