import { fieldOf } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const pluck = defineFunction({
  name: 'pluck',
  summary: 'One field of every mapping in a list. In an expression `list.map(x, x.name)` does the same.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field, also a path like `disk.size`' },
  },
  result: 'list',
  call: ({ list, key }) => list.map((item) => fieldOf(item, key)),
  examples: [{ args: [[{ name: 'ann' }, { name: 'bob' }], 'name'], result: ['ann', 'bob'] }],
  alsoCalled: ['map_attribute', 'extract'],
});
