import { defineFunction, FunctionError } from '../function.ts';
import { shown } from '../words.ts';

export const float = defineFunction({
  name: 'float',
  summary: 'A number from a text.',
  params: { value: { kind: ['text', 'number'], about: 'a text or a number' } },
  result: 'number',
  call: ({ value }) => {
    if (typeof value === 'number') return value;
    if (!/^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*$/.test(value)) {
      throw new FunctionError(`${shown(value)} is not a number`);
    }
    return Number(value);
  },
  examples: [
    { args: ['1.50'], result: 1.5 },
    { args: ['80'], result: 80 },
  ],
  alsoCalled: ['to_float', 'number', 'to_number'],
});
