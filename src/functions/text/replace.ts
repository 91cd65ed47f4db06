import { defineFunction } from '../function.ts';

export const replace = defineFunction({
  name: 'replace',
  summary: 'A text with every occurrence of one piece (not a pattern) replaced by another.',
  params: {
    text: { kind: 'text', about: 'any text' },
    from: { kind: 'text', about: 'the piece' },
    to: { kind: 'text', about: 'what stands there afterwards' },
  },
  result: 'text',
  call: ({ text, from, to }) => text.replaceAll(from, () => to),
  examples: [{ args: ['1.2.3', '.', '-'], result: '1-2-3' }],
});
