import { defineFunction } from '../function.ts';

export const slice = defineFunction({
  name: 'slice',
  summary: 'A part of a list or a text, from one place up to but without another. Negative places count from the end.',
  params: {
    value: { kind: ['list', 'text'], about: 'a list or a text' },
    start: { kind: 'integer', about: 'the first place, counted from 0' },
    end: { kind: 'integer', about: 'the place after the last; to the end when not given', optional: true },
  },
  result: 'any',
  call: ({ value, start, end }) =>
    typeof value === 'string' ? [...value].slice(start, end).join('') : value.slice(start, end),
  examples: [
    { args: [[1, 2, 3, 4], 1, 3], result: [2, 3] },
    { args: ['release', -3], result: 'ase' },
  ],
  alsoCalled: ['substr', 'limit', 'take'],
});
