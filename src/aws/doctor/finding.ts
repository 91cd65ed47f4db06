import { type Problem, sentence } from '../../problems/problem.ts';
import { awsProblem } from '../faults.ts';

/** One thing that was looked at. `unsure`: it was tried, and what came back says neither yes nor no. */
export interface AwsFinding {
  what: string;
  state: 'ok' | 'unsure' | 'problem';
  /** What was found, in a few words. */
  said: string;
  /** What to do; undefined where there is nothing to do. */
  todo?: string;
}

/** A finding that a problem makes; its code, so that it can be looked up. */
export function findingOf(what: string, found: Problem): AwsFinding {
  const { message, hint } = sentence(found);
  return { what, state: 'problem', said: `${message} (${found.code})`, ...(hint !== undefined && { todo: hint }) };
}

/** As `findingOf`, for what a call threw. */
export function thrown(what: string, error: unknown, call: string): AwsFinding {
  return findingOf(what, awsProblem(error, call));
}
