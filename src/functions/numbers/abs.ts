import { defineFunction } from '../function.ts';

export const abs = defineFunction({
  name: 'abs',
  summary: 'A number without its sign.',
  params: { number: { kind: 'number', about: 'a number' } },
  result: 'number',
  call: ({ number }) => Math.abs(number),
  examples: [{ args: [-3], result: 3 }],
});
