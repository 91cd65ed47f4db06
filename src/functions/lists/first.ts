import { defineFunction, FunctionError } from '../function.ts';

export const first = defineFunction({
  name: 'first',
  summary: 'The first item of a list.',
  params: { list: { kind: 'list', about: 'a list that is not empty' } },
  result: 'any',
  call: ({ list: [item] }) => {
    if (item === undefined) throw new FunctionError('the list is empty');
    return item;
  },
  examples: [{ args: [['a', 'b']], result: 'a' }],
  alsoCalled: ['head'],
});
