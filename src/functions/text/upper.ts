import { defineFunction } from '../function.ts';

export const upper = defineFunction({
  name: 'upper',
  summary: 'A text in upper case.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => text.toUpperCase(),
  examples: [{ args: ['prod'], result: 'PROD' }],
  alsoCalled: ['toupper', 'to_upper', 'uppercase', 'upcase'],
});
