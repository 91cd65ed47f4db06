import type { PipeEnd } from '../model/transport.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';

/** How a pipe ended, in words. */
export function endWords(end: PipeEnd): string {
  if (end.kind === 'refused') return end.error.message;
  return end.kind === 'lost' ? end.reason : `the shell of the session ended with status ${end.code}`;
}

/** Of a pipe that never began. */
export function problemOf(error: Error): Problem | undefined {
  if (error instanceof ProblemError) return error.problems[0];
  throw error;
}
