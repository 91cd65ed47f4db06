import { compare, first } from '../compare.ts';
import type { Argument, ExpressionFunction } from '../functions.ts';

export const max: ExpressionFunction = {
  name: 'max',
  summary: 'The largest of a list of texts or of numbers.',
  overloads: { 'list.max(): dyn': (list: Argument[]) => first('max', [...list].sort(compare('max')).reverse()) },
  examples: [{ expression: '[3, 1, 2].max()', result: 3 }],
};
