import { isWarning, type Problem, sentence } from './problem.ts';

/** Exit codes from the gravest on (docs/exit-codes.md): a bug, state that could not be written, invalid input, then what went wrong on hosts. */
const GRAVEST_FIRST = [1, 9, 2, 6, 5, 3, 7, 4, 8, 12, 11, 13, 10];

/** The exit code of the gravest problem; 0 without any but warnings. */
export function exitCode(problems: readonly Problem[]): number {
  const codes = new Set(problems.filter((one) => !isWarning(one)).map((one) => sentence(one).exit));
  return GRAVEST_FIRST.find((code) => codes.has(code)) ?? (codes.size > 0 ? 1 : 0);
}
