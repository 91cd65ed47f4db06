import { defineFunction } from '../function.ts';

export const keys = defineFunction({
  name: 'keys',
  summary: 'The keys of a mapping, as a list.',
  params: { map: { kind: 'map', about: 'a mapping' } },
  result: 'list',
  call: ({ map }) => Object.keys(map),
  examples: [{ args: [{ a: 1, b: 2 }], result: ['a', 'b'] }],
});
