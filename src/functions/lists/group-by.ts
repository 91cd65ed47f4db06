import type { Value } from '../../model/value.ts';
import { fieldOf, mapping } from '../fields.ts';
import { defineFunction } from '../function.ts';
import { itemText } from '../words.ts';

export const groupBy = defineFunction({
  name: 'group_by',
  summary: 'A mapping from each value of a field to the list of mappings that have it.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field, also a path like `os.family`' },
  },
  result: 'map',
  call: ({ list, key }) => {
    const groups = new Map<string, Value[]>();
    for (const item of list) {
      const name = itemText(fieldOf(item, key));
      groups.set(name, [...(groups.get(name) ?? []), item]);
    }
    return mapping(groups);
  },
  examples: [
    {
      args: [
        [
          { n: 'a', os: 'debian' },
          { n: 'b', os: 'alpine' },
          { n: 'c', os: 'debian' },
        ],
        'os',
      ],
      result: {
        debian: [
          { n: 'a', os: 'debian' },
          { n: 'c', os: 'debian' },
        ],
        alpine: [{ n: 'b', os: 'alpine' }],
      },
    },
  ],
  alsoCalled: ['groupby'],
});
