import { defineFunction } from '../function.ts';
import { itemText } from '../words.ts';

export const join = defineFunction({
  name: 'join',
  summary: 'The items of a list as one text, with a separator between them.',
  params: {
    list: { kind: 'list', about: 'texts or numbers' },
    separator: { kind: 'text', about: 'what stands between them', default: ',' },
  },
  result: 'text',
  call: ({ list, separator }) => list.map(itemText).join(separator),
  examples: [
    { args: [['a', 'b'], ', '], result: 'a, b' },
    { args: [[80, 443]], result: '80,443' },
  ],
});
