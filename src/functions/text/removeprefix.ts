import { defineFunction } from '../function.ts';

export const removeprefix = defineFunction({
  name: 'removeprefix',
  summary: 'A text without a certain beginning, if it has it.',
  params: { text: { kind: 'text', about: 'any text' }, prefix: { kind: 'text', about: 'what goes away' } },
  result: 'text',
  call: ({ text, prefix }) => (text.startsWith(prefix) ? text.slice(prefix.length) : text),
  examples: [
    { args: ['v1.2', 'v'], result: '1.2' },
    { args: ['1.2', 'v'], result: '1.2' },
  ],
  alsoCalled: ['remove_prefix', 'trim_prefix', 'trimprefix'],
});
