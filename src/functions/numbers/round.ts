import { defineFunction, FunctionError } from '../function.ts';

export const round = defineFunction({
  name: 'round',
  summary: 'A number rounded, halves away from zero.',
  params: {
    number: { kind: 'number', about: 'a number' },
    digits: { kind: 'integer', about: 'how many places after the point', default: 0 },
  },
  result: 'number',
  call: ({ number, digits }) => {
    if (digits < 0 || digits > 15) throw new FunctionError('digits is 0 to 15');
    // Through the decimal text, so that 1.005 is what it looks like.
    const [mantissa = '', exponent = '0'] = Math.abs(number).toString().split('e');
    const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
    return Math.sign(number) * Number(`${shifted}e${-digits}`) || 0;
  },
  examples: [
    { args: [2.5], result: 3 },
    { args: [1.005, 2], result: 1.01 },
    { args: [-2.5], result: -3 },
  ],
});
