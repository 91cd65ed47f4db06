import { mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const omit = defineFunction({
  name: 'omit',
  summary: 'A mapping without some of its keys.',
  params: { map: { kind: 'map', about: 'a mapping' }, keys: { kind: 'list', about: 'the keys that go' } },
  result: 'map',
  call: ({ map, keys }) => mapping(Object.entries(map).filter(([key]) => !keys.includes(key))),
  examples: [{ args: [{ a: 1, b: 2, c: 3 }, ['b']], result: { a: 1, c: 3 } }],
  alsoCalled: ['remove_keys'],
});
