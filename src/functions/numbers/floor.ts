import { defineFunction } from '../function.ts';

export const floor = defineFunction({
  name: 'floor',
  summary: 'The largest whole number that is not above a number.',
  params: { number: { kind: 'number', about: 'a number' } },
  result: 'integer',
  call: ({ number }) => Math.floor(number) || 0,
  examples: [
    { args: [1.8], result: 1 },
    { args: [-1.2], result: -2 },
  ],
});
