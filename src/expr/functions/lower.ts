import type { ExpressionFunction } from '../functions.ts';

export const lower: ExpressionFunction = {
  name: 'lower',
  summary: 'The text in lower case.',
  overloads: { 'string.lower(): string': (text: string) => text.toLowerCase() },
  examples: [{ expression: '"Web-1".lower()', result: 'web-1' }],
};
