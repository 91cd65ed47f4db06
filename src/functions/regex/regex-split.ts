import { defineFunction } from '../function.ts';
import { patternOf } from '../pattern.ts';

export const regexSplit = defineFunction({
  name: 'regex_split',
  summary: 'The pieces of a text between what a regular expression fits.',
  params: {
    text: { kind: 'text', about: 'what is cut' },
    pattern: { kind: 'pattern', about: 'where it is cut' },
  },
  result: 'list',
  call: ({ text, pattern }) => {
    const pieces: string[] = [];
    let from = 0;
    for (const { start, end } of patternOf(pattern).matches(text)) {
      if (end === start) continue;
      pieces.push(text.slice(from, start));
      from = end;
    }
    return [...pieces, text.slice(from)];
  },
  examples: [
    { args: ['a, b;c', '[,;] *'], result: ['a', 'b', 'c'] },
    { args: ['one', ','], result: ['one'] },
  ],
  alsoCalled: ['re_split'],
});
