import { defineFunction } from '../function.ts';

export const flatten = defineFunction({
  name: 'flatten',
  summary: 'A list whose items that are lists are replaced by what is in them.',
  params: {
    list: { kind: 'list', about: 'items and lists' },
    levels: { kind: 'integer', about: 'how deep; all levels when not given', optional: true },
  },
  result: 'list',
  call: ({ list, levels }) => list.flat((levels ?? 100) as 1),
  examples: [
    { args: [[1, [2, [3]]]], result: [1, 2, 3] },
    { args: [[1, [2, [3]]], 1], result: [1, 2, [3]] },
  ],
});
