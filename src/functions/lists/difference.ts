import { distinct, identity } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const difference = defineFunction({
  name: 'difference',
  summary: 'What is in the first list and not in the second, each item once.',
  params: { list: { kind: 'list', about: 'a list' }, other: { kind: 'list', about: 'what is left out' } },
  result: 'list',
  call: ({ list, other }) => {
    const there = new Set(other.map(identity));
    return distinct(list).filter((item) => !there.has(identity(item)));
  },
  examples: [
    {
      args: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      result: ['a'],
    },
  ],
  alsoCalled: ['subtract', 'without', 'except'],
});
