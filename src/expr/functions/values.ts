import type { Fields } from '../../model/value.ts';
import type { ExpressionFunction } from '../functions.ts';

export const values: ExpressionFunction = {
  name: 'values',
  summary: 'The values of a mapping, as a list.',
  overloads: { 'map.values(): list<dyn>': (map: Fields) => Object.values(map) },
  examples: [{ expression: '{"a": 1, "b": 2}.values()', result: [1, 2] }],
};
