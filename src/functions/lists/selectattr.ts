import { identity } from '../compare.ts';
import { fieldAt } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const selectattr = defineFunction({
  name: 'selectattr',
  summary:
    'The mappings of a list in which a field has a value. In an expression `list.filter(x, x.state == "up")` does the same.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field, also a path like `disk.size`' },
    value: { kind: 'any', about: 'its value', default: true },
  },
  result: 'list',
  call: ({ list, key, value }) => {
    const wanted = identity(value);
    return list.filter((item) => identity(fieldAt(item, key) ?? null) === wanted);
  },
  examples: [
    {
      args: [
        [
          { n: 1, state: 'up' },
          { n: 2, state: 'down' },
        ],
        'state',
        'up',
      ],
      result: [{ n: 1, state: 'up' }],
    },
    { args: [[{ n: 1, admin: true }, { n: 2 }], 'admin'], result: [{ n: 1, admin: true }] },
  ],
  alsoCalled: ['where'],
});
