import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const int = defineFunction({
  name: 'int',
  summary: 'A whole number from a text or a number; what stands behind the point is cut off.',
  params: { value: { kind: ['text', 'number'], about: 'a text or a number' } },
  result: 'integer',
  call: ({ value }) => {
    if (typeof value === 'string' && !/^[-+]?[0-9]+$/.test(value))
      throw new FunctionError(`${shown(value)} is not a whole number`);
    const number = Math.trunc(Number(value)) || 0;
    if (!Number.isSafeInteger(number)) throw new FunctionError('the number is too large to be kept exactly');
    return number;
  },
  examples: [
    { args: ['08'], result: 8 },
    { args: [1.9], result: 1 },
  ],
  alsoCalled: ['to_int', 'integer', 'toint'],
  cel: 'standard',
});
