import { defineFunction } from '../function.ts';

export const ceil = defineFunction({
  name: 'ceil',
  summary: 'The smallest whole number that is not below a number.',
  params: { number: { kind: 'number', about: 'a number' } },
  result: 'integer',
  call: ({ number }) => Math.ceil(number) || 0,
  examples: [{ args: [1.2], result: 2 }],
});
