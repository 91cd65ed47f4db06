import { defineFunction, FunctionError } from '../function.ts';

export const repeat = defineFunction({
  name: 'repeat',
  summary: 'A text several times in a row.',
  params: { text: { kind: 'text', about: 'any text' }, count: { kind: 'integer', about: 'how many times' } },
  result: 'text',
  call: ({ text, count }) => {
    if (count < 0) throw new FunctionError('count is negative');
    if (text.length * count > 1_000_000)
      throw new FunctionError('the result would have more than a million characters');
    return text.repeat(count);
  },
  examples: [{ args: ['=', 5], result: '=====' }],
});
