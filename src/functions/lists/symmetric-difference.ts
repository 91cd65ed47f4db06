import { distinct, identity } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const symmetricDifference = defineFunction({
  name: 'symmetric_difference',
  summary: 'What is in exactly one of two lists.',
  params: { list: { kind: 'list', about: 'a list' }, other: { kind: 'list', about: 'the other' } },
  result: 'list',
  call: ({ list, other }) => {
    const [here, there] = [new Set(list.map(identity)), new Set(other.map(identity))];
    return distinct([...list, ...other]).filter((item) => here.has(identity(item)) !== there.has(identity(item)));
  },
  examples: [
    {
      args: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      result: ['a', 'c'],
    },
  ],
});
