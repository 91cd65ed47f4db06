import { defineFunction } from '../function.ts';

export const b64encode = defineFunction({
  name: 'b64encode',
  summary: 'A text in UTF-8 as base64.',
  params: { text: { kind: 'text', about: 'any text' } },
  result: 'text',
  call: ({ text }) => Buffer.from(text, 'utf8').toString('base64'),
  examples: [{ args: ['Grüße'], result: 'R3LDvMOfZQ==' }],
  alsoCalled: ['base64', 'base64encode', 'to_base64', 'base64_encode', 'b64enc'],
});
