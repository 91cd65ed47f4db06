import { distinct } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const unique = defineFunction({
  name: 'unique',
  summary: 'A list without what it already held before, in its order.',
  params: { list: { kind: 'list', about: 'any items' } },
  result: 'list',
  call: ({ list }) => distinct(list),
  examples: [
    { args: [['a', 'b', 'a']], result: ['a', 'b'] },
    {
      args: [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
      result: [{ a: 1, b: 2 }],
    },
  ],
  alsoCalled: ['distinct', 'uniq', 'dedupe'],
});
