import { compare } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const sort = defineFunction({
  name: 'sort',
  summary:
    'A list of texts or of numbers in ascending order. Texts go by their characters: `web10` stands before `web2`.',
  params: {
    list: { kind: 'list', about: 'texts or numbers' },
    reverse: { kind: 'bool', about: 'in descending order', default: false },
  },
  result: 'list',
  call: ({ list, reverse }) => [...list].sort((a, b) => (reverse ? compare(b, a) : compare(a, b))),
  examples: [
    { args: [['web2', 'db', 'web10']], result: ['db', 'web10', 'web2'] },
    { args: [[3, 20, 1], true], result: [20, 3, 1] },
  ],
  alsoCalled: ['sorted', 'order'],
});
