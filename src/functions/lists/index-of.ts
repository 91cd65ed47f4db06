import { identity } from '../compare.ts';
import { defineFunction } from '../function.ts';

export const indexOf = defineFunction({
  name: 'index_of',
  summary: 'The place of an item in a list, counted from 0; -1 when it is not there.',
  params: { list: { kind: 'list', about: 'any items' }, item: { kind: 'any', about: 'what is looked for' } },
  result: 'integer',
  call: ({ list, item }) => {
    const wanted = identity(item);
    return list.findIndex((one) => identity(one) === wanted);
  },
  examples: [
    { args: [['a', 'b'], 'b'], result: 1 },
    { args: [['a'], 'x'], result: -1 },
  ],
  alsoCalled: ['find_index', 'position'],
});
