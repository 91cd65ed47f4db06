import type { ExpressionFunction } from '../functions.ts';

export const lines: ExpressionFunction = {
  name: 'lines',
  summary: 'The lines of a text, without their ends; a last empty one is left out.',
  overloads: {
    'string.lines(): list<string>': (text: string) => {
      const all = text.split(/\r?\n/);
      return all.at(-1) === '' ? all.slice(0, -1) : all;
    },
  },
  examples: [{ expression: '"a\\nb\\n".lines()', result: ['a', 'b'] }],
};
