import { mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const pick = defineFunction({
  name: 'pick',
  summary: 'A mapping with only some of its keys; those that it lacks are left out.',
  params: { map: { kind: 'map', about: 'a mapping' }, keys: { kind: 'list', about: 'the keys that stay' } },
  result: 'map',
  call: ({ map, keys }) => mapping(Object.entries(map).filter(([key]) => keys.includes(key))),
  examples: [{ args: [{ a: 1, b: 2, c: 3 }, ['a', 'c', 'x']], result: { a: 1, c: 3 } }],
  alsoCalled: ['keep_keys'],
});
