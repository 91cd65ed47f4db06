import { defineFunction, FunctionError } from '../function.ts';
import { kindOf } from '../words.ts';

export const sum = defineFunction({
  name: 'sum',
  summary: 'The numbers of a list added up.',
  params: { list: { kind: 'list', about: 'numbers' } },
  result: 'number',
  call: ({ list }) =>
    list.reduce((total: number, item) => {
      if (typeof item !== 'number') throw new FunctionError(`the items have to be numbers; one is ${kindOf(item)}`);
      return total + item;
    }, 0),
  examples: [
    { args: [[1, 2, 3.5]], result: 6.5 },
    { args: [[]], result: 0 },
  ],
  alsoCalled: ['total', 'add'],
});
