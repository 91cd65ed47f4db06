import { defineFunction } from '../function.ts';

export const reverse = defineFunction({
  name: 'reverse',
  summary: 'A list, or a text, from its end to its beginning.',
  params: { value: { kind: ['list', 'text'], about: 'a list or a text' } },
  result: 'any',
  call: ({ value }) => (typeof value === 'string' ? [...value].reverse().join('') : [...value].reverse()),
  examples: [
    { args: [[1, 2, 3]], result: [3, 2, 1] },
    { args: ['abc'], result: 'cba' },
  ],
  alsoCalled: ['reversed'],
});
