import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** `run_once: true` in plays that go batch by batch, where it has two meanings. */
export function findUnclearRunOnce(plan: Plan): Problem[] {
  return plan.plays.flatMap(({ play, tasks, handlers }) => {
    if (play.serial.length === 0) return [];
    return [...tasks, ...handlers].flatMap(({ task: { source } }) =>
      source.value['run_once'] === true ? [problem('E_RUN_ONCE_SERIAL', {}, source.locate(['run_once']))] : [],
    );
  });
}
