import type { ExpressionFunction } from '../functions.ts';
import { plain } from '../plain.ts';

export const json: ExpressionFunction = {
  name: 'json',
  summary: 'Any value as JSON text.',
  overloads: { 'json(dyn): string': (value: unknown) => JSON.stringify(plain(value)) },
  examples: [{ expression: 'json({"port": 80, "names": ["a", "b"]})', result: '{"port":80,"names":["a","b"]}' }],
};
