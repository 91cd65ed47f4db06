import { defineFunction } from '../function.ts';
import { padding } from '../padding.ts';

export const padLeft = defineFunction({
  name: 'pad_left',
  summary: 'A text with something put before it until it is long enough.',
  params: {
    text: { kind: 'text', about: 'any text or number' },
    width: { kind: 'integer', about: 'how many characters it has at least' },
    fill: { kind: 'text', about: 'what is put there', default: ' ' },
  },
  result: 'text',
  call: ({ text, width, fill }) => padding(text, width, fill) + text,
  examples: [
    { args: ['7', 3, '0'], result: '007' },
    { args: ['web', 5], result: '  web' },
  ],
  alsoCalled: ['rjust', 'zfill', 'padstart', 'pad', 'lpad'],
});
