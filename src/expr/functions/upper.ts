import type { ExpressionFunction } from '../functions.ts';

export const upper: ExpressionFunction = {
  name: 'upper',
  summary: 'The text in upper case.',
  overloads: { 'string.upper(): string': (text: string) => text.toUpperCase() },
  examples: [{ expression: '"prod".upper()', result: 'PROD' }],
};
