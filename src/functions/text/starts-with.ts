import { defineFunction } from '../function.ts';

export const startsWith = defineFunction({
  name: 'starts_with',
  summary: 'Whether a text begins with another.',
  params: { text: { kind: 'text', about: 'any text' }, prefix: { kind: 'text', about: 'how it begins' } },
  result: 'bool',
  call: ({ text, prefix }) => text.startsWith(prefix),
  examples: [
    { args: ['web-1', 'web'], result: true },
    { args: ['db-1', 'web'], result: false },
  ],
  alsoCalled: ['startswith', 'has_prefix'],
});
