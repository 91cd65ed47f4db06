import { defineFunction } from '../function.ts';

export const capitalize = defineFunction({
  name: 'capitalize',
  summary: 'A text with its first letter in upper case and all others in lower case.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => {
    const [first = '', ...rest] = text;
    return first.toUpperCase() + rest.join('').toLowerCase();
  },
  examples: [{ args: ['hELLO world'], result: 'Hello world' }],
});
