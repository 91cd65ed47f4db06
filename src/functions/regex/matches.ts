import { defineFunction } from '../function.ts';
import { patternOf } from '../pattern.ts';

export const matches = defineFunction({
  name: 'matches',
  summary: 'Whether a regular expression is found in a text. `^` and `$` in it are the ends of the text.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'what is looked for' },
  },
  result: 'bool',
  call: ({ text, pattern }) => patternOf(pattern).test(text),
  examples: [
    { args: ['nginx-1.24.0', '^nginx-[0-9.]+$'], result: true },
    { args: ['apache', 'nginx'], result: false },
  ],
  alsoCalled: ['regex', 'regex_match', 'match', 'search', 'fullmatch'],
});
