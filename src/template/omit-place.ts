import type { Reference } from '../expr/expression.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** `omit` in a text that can leave nothing out: beside other text, in a command, in a condition. With `isWhole` the text may be `omit`, which still has no fields. */
export function misplacedOmit(references: readonly Reference[], { isWhole = false } = {}): Problem[] {
  return references
    .filter(({ root, path, guarded }) => root === 'omit' && !guarded && (!isWhole || path.length > 0))
    .map(({ at }) => problem('E_OMIT_PLACE', {}, at));
}
