import { defineFunction } from '../function.ts';

export const wordwrap = defineFunction({
  name: 'wordwrap',
  summary: 'A text broken between words into lines that are not longer than a width. A longer word stays whole.',
  params: {
    text: { kind: 'text', about: 'any text' },
    width: { kind: 'integer', about: 'how long a line may be', default: 79 },
  },
  result: 'text',
  call: ({ text, width }) => {
    const wrapped = text.split('\n').map((line) => {
      const lines: string[] = [];
      for (const word of line.split(' ')) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines.join('\n');
    });
    return wrapped.join('\n');
  },
  examples: [{ args: ['one two three', 8], result: 'one two\nthree' }],
  alsoCalled: ['wrap', 'textwrap', 'fill'],
});
