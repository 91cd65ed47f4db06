import { defineFunction } from '../function.ts';

export const length = defineFunction({
  name: 'length',
  summary: 'How many items a list or a mapping has, or how many characters a text.',
  params: { value: { kind: ['text', 'list', 'map'], about: 'a list, a mapping or a text' } },
  result: 'integer',
  call: ({ value }) => (typeof value === 'string' ? [...value].length : Object.keys(value).length),
  examples: [
    { args: [['a', 'b']], result: 2 },
    { args: ['日本'], result: 2 },
  ],
  alsoCalled: ['count', 'len', 'size'],
});
