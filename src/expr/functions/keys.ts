import type { Fields } from '../../model/value.ts';
import type { ExpressionFunction } from '../functions.ts';

export const keys: ExpressionFunction = {
  name: 'keys',
  summary: 'The keys of a mapping, as a list.',
  overloads: { 'map.keys(): list<string>': (map: Fields) => Object.keys(map) },
  examples: [{ expression: '{"a": 1, "b": 2}.keys()', result: ['a', 'b'] }],
};
