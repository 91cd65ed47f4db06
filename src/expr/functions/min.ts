import { compare, first } from '../compare.ts';
import type { Argument, ExpressionFunction } from '../functions.ts';

export const min: ExpressionFunction = {
  name: 'min',
  summary: 'The smallest of a list of texts or of numbers.',
  overloads: { 'list.min(): dyn': (list: Argument[]) => first('min', [...list].sort(compare('min'))) },
  examples: [{ expression: '[3, 1, 2].min()', result: 1 }],
};
