import { defineFunction, FunctionError } from '../function.ts';

export const last = defineFunction({
  name: 'last',
  summary: 'The last item of a list.',
  params: { list: { kind: 'list', about: 'a list that is not empty' } },
  result: 'any',
  call: ({ list }) => {
    const item = list.at(-1);
    if (item === undefined) throw new FunctionError('the list is empty');
    return item;
  },
  examples: [{ args: [['a', 'b']], result: 'b' }],
});
