import { ProblemError } from '../problems/problem.ts';

const MISSING = new Set<string>(['E_NAME_UNDEFINED', 'E_FIELD_MISSING', 'E_VALUE_NULL']);

/** Whether rendering or evaluating failed only because something is not there or null: `until` takes that as "not yet". */
export function isMissing(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.every((problem) => MISSING.has(problem.code));
}
