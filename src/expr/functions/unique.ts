import type { Argument, ExpressionFunction } from '../functions.ts';
import { plain } from '../plain.ts';

export const unique: ExpressionFunction = {
  name: 'unique',
  summary: 'A list without what it already held before, in its order.',
  overloads: { 'list.unique(): list<dyn>': (list: Argument[]) => distinct(list) as never },
  examples: [{ expression: '["a", "b", "a"].unique()', result: ['a', 'b'] }],
};

function distinct(list: Argument[]): Argument[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = JSON.stringify(plain(item));
    return !seen.has(key) && seen.add(key);
  });
}
