import { defineFunction } from '../function.ts';
import { padding } from '../padding.ts';

export const padRight = defineFunction({
  name: 'pad_right',
  summary: 'A text with something put after it until it is long enough.',
  params: {
    text: { kind: 'text', about: 'any text or number' },
    width: { kind: 'integer', about: 'how many characters it has at least' },
    fill: { kind: 'text', about: 'what is put there', default: ' ' },
  },
  result: 'text',
  call: ({ text, width, fill }) => text + padding(text, width, fill),
  examples: [
    { args: ['web', 5, '.'], result: 'web..' },
    { args: ['web-server', 5], result: 'web-server' },
  ],
  alsoCalled: ['ljust', 'center', 'padend', 'rpad'],
});
