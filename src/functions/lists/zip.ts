import { defineFunction } from '../function.ts';

export const zip = defineFunction({
  name: 'zip',
  summary: 'Lists side by side: the first items of all, then the second ones, as far as the shortest goes.',
  params: { lists: { kind: 'list', about: 'a list', rest: true } },
  result: 'list',
  call: ({ lists }) => {
    const count = Math.min(...lists.map((list) => list.length));
    return Array.from({ length: count }, (_, i) => lists.map((list) => list[i] ?? null));
  },
  examples: [
    {
      args: [
        ['a', 'b'],
        [1, 2, 3],
      ],
      result: [
        ['a', 1],
        ['b', 2],
      ],
    },
  ],
  alsoCalled: ['zip_longest', 'together'],
});
