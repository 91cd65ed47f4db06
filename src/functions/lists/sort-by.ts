import { compare } from '../compare.ts';
import { fieldOf } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const sortBy = defineFunction({
  name: 'sort_by',
  summary: 'A list of mappings in the order of one of their fields.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field, also a path like `disk.size`' },
    reverse: { kind: 'bool', about: 'in descending order', default: false },
  },
  result: 'list',
  call: ({ list, key, reverse }) =>
    list
      .map((item) => ({ item, by: fieldOf(item, key) }))
      .sort((a, b) => (reverse ? compare(b.by, a.by) : compare(a.by, b.by)))
      .map(({ item }) => item),
  examples: [
    { args: [[{ name: 'b' }, { name: 'a' }], 'name'], result: [{ name: 'a' }, { name: 'b' }] },
    { args: [[{ n: 1 }, { n: 2 }], 'n', true], result: [{ n: 2 }, { n: 1 }] },
  ],
  alsoCalled: ['dictsort', 'order_by', 'orderby'],
});
