import { defineFunction, FunctionError } from '../function.ts';

export const indent = defineFunction({
  name: 'indent',
  summary: 'A text with its lines moved to the right, all but the first unless said. Empty lines stay empty.',
  params: {
    text: { kind: 'text', about: 'any text' },
    width: { kind: 'integer', about: 'how many spaces', default: 4 },
    first: { kind: 'bool', about: 'whether the first line moves too', default: false },
  },
  result: 'text',
  call: ({ text, width, first }) => {
    if (width < 0 || width > 200) throw new FunctionError('width is 0 to 200');
    const space = ' '.repeat(width);
    return text
      .split('\n')
      .map((line, i) => (line === '' || (i === 0 && !first) ? line : space + line))
      .join('\n');
  },
  examples: [
    { args: ['a:\nb', 2], result: 'a:\n  b' },
    { args: ['a\n\nb', 2, true], result: '  a\n\n  b' },
  ],
});
