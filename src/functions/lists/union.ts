import { distinct } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const union = defineFunction({
  name: 'union',
  summary: 'What is in any of the lists, each item once.',
  params: { lists: { kind: 'list', about: 'a list', rest: true } },
  result: 'list',
  call: ({ lists }) => distinct(lists.flat()),
  examples: [
    {
      args: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      result: ['a', 'b', 'c'],
    },
  ],
});
