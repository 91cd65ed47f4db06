import { defineFunction } from '../function.ts';

export const endsWith = defineFunction({
  name: 'ends_with',
  summary: 'Whether a text ends with another.',
  params: { text: { kind: 'text', about: 'any text' }, suffix: { kind: 'text', about: 'how it ends' } },
  result: 'bool',
  call: ({ text, suffix }) => text.endsWith(suffix),
  examples: [
    { args: ['shop.tgz', '.tgz'], result: true },
    { args: ['shop.zip', '.tgz'], result: false },
  ],
  alsoCalled: ['endswith', 'has_suffix'],
});
