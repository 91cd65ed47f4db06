import type { ExpressionFunction } from '../functions.ts';

export const replace: ExpressionFunction = {
  name: 'replace',
  summary: 'The text with every occurrence of one piece (not a pattern) replaced by another.',
  overloads: {
    'string.replace(string, string): string': (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
  },
  examples: [{ expression: '"1.2.3".replace(".", "-")', result: '1-2-3' }],
};
