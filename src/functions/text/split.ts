import { defineFunction, FunctionError } from '../function.ts';

export const split = defineFunction({
  name: 'split',
  summary: 'The pieces of a text between separators; without one, its words.',
  params: {
    text: { kind: 'text', about: 'any text' },
    separator: { kind: 'text', about: 'where it is cut; any white space when not given', optional: true },
  },
  result: 'list',
  call: ({ text, separator }) => {
    if (separator === undefined) return text.trim() === '' ? [] : text.trim().split(/\s+/);
    if (separator === '') throw new FunctionError('the separator is empty');
    return text.split(separator);
  },
  examples: [
    { args: ['a,b,c', ','], result: ['a', 'b', 'c'] },
    { args: ['  one two '], result: ['one', 'two'] },
  ],
});
