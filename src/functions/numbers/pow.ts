import { defineFunction, FunctionError } from '../function.ts';

export const pow = defineFunction({
  name: 'pow',
  summary: 'A number to a power; the power 0.5 is the square root.',
  params: { number: { kind: 'number', about: 'a number' }, power: { kind: 'number', about: 'the power' } },
  result: 'number',
  call: ({ number, power }) => {
    const result = number ** power;
    if (!Number.isFinite(result)) throw new FunctionError('the result is not a number');
    return result;
  },
  examples: [
    { args: [2, 10], result: 1024 },
    { args: [9, 0.5], result: 3 },
  ],
  alsoCalled: ['power', 'sqrt', 'root'],
});
