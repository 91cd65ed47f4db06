import { compare } from '../compare.ts';
import type { Argument, ExpressionFunction } from '../functions.ts';

export const sort: ExpressionFunction = {
  name: 'sort',
  summary: 'A list of texts or of numbers in ascending order.',
  overloads: { 'list.sort(): list<dyn>': (list: Argument[]) => [...list].sort(compare('sort')) as never },
  examples: [
    { expression: '["web2", "db", "web10"].sort()', result: ['db', 'web10', 'web2'] },
    { expression: '[3, 20, 1].sort()', result: [1, 3, 20] },
  ],
};
