import { type Problem, sentence } from '../../problems/problem.ts';
import { awsProblem, withProfile } from '../faults.ts';

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
  const { message, hint = '' } = sentence(found);
  // Whoever reads this has asked the doctor already.
  const todo = hint
    .split('; ')
    .filter((part) => part !== '' && !part.includes('play doctor'))
    .join('; ');
  return { what, state: 'problem', said: `${message} (${found.code})`, ...(todo !== '' && { todo }) };
}

/** As `findingOf`, for what a call threw. `profile`: the one that was to give the credentials. */
export function thrown(
  what: string,
  error: unknown,
  { call, profile }: { call: string; profile?: string },
): AwsFinding {
  return findingOf(what, withProfile(awsProblem(error, call), profile));
}
