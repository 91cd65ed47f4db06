import type { Reference } from '../expr/expression.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** `omit` in a text that cannot leave anything out: beside other text, in a command, in a condition. */
export function misplacedOmit(references: readonly Reference[]): Problem[] {
  return references
    .filter(({ root, path, guarded }) => root === 'omit' && path.length === 0 && !guarded)
    .map(({ at }) => problem('E_OMIT_PLACE', {}, at));
}
