import { defineFunction } from '../function.ts';

export const lines = defineFunction({
  name: 'lines',
  summary: 'The lines of a text, without their ends; a last empty one is left out.',
  params: { text: { kind: 'text', about: 'any text, for example that of `file`' } },
  result: 'list',
  call: ({ text }) => {
    const all = text.split(/\r?\n/);
    return all.at(-1) === '' ? all.slice(0, -1) : all;
  },
  examples: [{ args: ['a\nb\n'], result: ['a', 'b'] }],
  alsoCalled: ['splitlines', 'split_lines'],
});
