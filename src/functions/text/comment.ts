import { defineFunction } from '../function.ts';

export const comment = defineFunction({
  name: 'comment',
  summary: 'A text with a mark before each of its lines.',
  params: {
    text: { kind: 'text', about: 'any text' },
    mark: { kind: 'text', about: 'what stands before each line', default: '# ' },
  },
  result: 'text',
  call: ({ text, mark }) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (mark + line).trimEnd())
      .join('\n'),
  examples: [
    { args: ['made by play\n\ndo not edit'], result: '# made by play\n#\n# do not edit' },
    { args: ['x', '; '], result: '; x' },
  ],
});
