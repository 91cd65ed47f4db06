import type { Value } from '../../model/value.ts';
import { fieldOf } from '../fields.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { kindOf } from '../words.ts';

export const subelements = defineFunction({
  name: 'subelements',
  summary: 'Pairs of a mapping and one item of a list in it, for a loop over both.',
  params: {
    list: { kind: 'list', about: 'mappings' },
    key: { kind: 'text', about: 'the field that holds a list' },
  },
  result: 'list',
  call: ({ list, key }) =>
    list.flatMap((item) => {
      const inner = fieldOf(item, key);
      if (!Array.isArray(inner))
        throw new FunctionError(`"${key}" has to be a list in every item; one is ${kindOf(inner)}`);
      return inner.map((one): Value => [item, one]);
    }),
  examples: [
    {
      args: [[{ name: 'ann', keys: ['k1', 'k2'] }], 'keys'],
      result: [
        [{ name: 'ann', keys: ['k1', 'k2'] }, 'k1'],
        [{ name: 'ann', keys: ['k1', 'k2'] }, 'k2'],
      ],
    },
  ],
});
