import { compare } from '../compare.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const max = defineFunction({
  name: 'max',
  summary: 'The largest of a list of texts or of numbers.',
  params: { list: { kind: 'list', about: 'texts or numbers, at least one' } },
  result: 'any',
  call: ({ list }) => {
    const item = [...list].sort(compare).at(-1);
    if (item === undefined) throw new FunctionError('the list is empty');
    return item;
  },
  examples: [{ args: [[3, 1, 2]], result: 3 }],
});
