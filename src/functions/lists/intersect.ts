import { distinct, identity } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const intersect = defineFunction({
  name: 'intersect',
  summary: 'What is in both lists, each item once.',
  params: { list: { kind: 'list', about: 'a list' }, other: { kind: 'list', about: 'the other' } },
  result: 'list',
  call: ({ list, other }) => {
    const there = new Set(other.map(identity));
    return distinct(list).filter((item) => there.has(identity(item)));
  },
  examples: [
    {
      args: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      result: ['b'],
    },
  ],
  alsoCalled: ['intersection'],
});
