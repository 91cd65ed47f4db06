import { ProblemError, problem } from '../problems/problem.ts';

/** For `catch`: turns what went wrong with a file of the record into E_JOURNAL_READ; problems stay what they are. */
export function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ProblemError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new ProblemError(problem('E_JOURNAL_READ', { path, detail }));
  };
}
