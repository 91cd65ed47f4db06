import { defineFunction } from '../function.ts';

export const lower = defineFunction({
  name: 'lower',
  summary: 'A text in lower case.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => text.toLowerCase(),
  examples: [{ args: ['Web-1'], result: 'web-1' }],
  alsoCalled: ['tolower', 'to_lower', 'lowercase', 'downcase'],
});
