import { mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const combine = defineFunction({
  name: 'combine',
  summary: 'Mappings as one. Where several have a key, the last one wins.',
  params: { maps: { kind: 'map', about: 'a mapping', rest: true } },
  result: 'map',
  call: ({ maps }) => mapping(maps.flatMap((map) => Object.entries(map))),
  examples: [{ args: [{ a: 1, b: 1 }, { b: 2 }, { c: 3 }], result: { a: 1, b: 2, c: 3 } }],
  alsoCalled: ['update', 'merge_hash', 'merge'],
});
