import { identity } from '../compare.ts';
import { fieldAt } from '../fields.ts';
import { defineFunction } from '../function.ts';

export const rejectattr = defineFunction({
  name: 'rejectattr',
  summary: 'The mappings of a list in which a field does not have a value.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field, also a path like `disk.size`' },
    value: { kind: 'any', about: 'the value it has not', default: true },
  },
  result: 'list',
  call: ({ list, key, value }) => {
    const refused = identity(value);
    return list.filter((item) => identity(fieldAt(item, key) ?? null) !== refused);
  },
  examples: [{ args: [[{ n: 1, admin: true }, { n: 2 }], 'admin'], result: [{ n: 2 }] }],
});
