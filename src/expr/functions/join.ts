import type { ExpressionFunction } from '../functions.ts';

export const join: ExpressionFunction = {
  name: 'join',
  summary: 'The items of a list as one text, with a separator between them. (Lists of strings join in CEL itself.)',
  overloads: {
    'list<double>.join(string): string': (list: number[], separator: string) => list.join(separator),
    'list<int>.join(string): string': (list: bigint[], separator: string) => list.join(separator),
  },
  examples: [
    { expression: '["a", "b"].join("-")', result: 'a-b' },
    { expression: '[80, 443].join(",")', result: '80,443' },
  ],
};
