import { defineFunction } from '../function.ts';

export const values = defineFunction({
  name: 'values',
  summary: 'The values of a mapping, as a list.',
  params: { map: { kind: 'map', about: 'a mapping' } },
  result: 'list',
  call: ({ map }) => Object.values(map),
  examples: [{ args: [{ a: 1, b: 2 }], result: [1, 2] }],
});
