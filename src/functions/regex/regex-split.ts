import { defineFunction } from '../function.ts';
import { patternOf } from '../pattern.ts';

export const regexSplit = defineFunction({
  name: 'regex_split',
  summary:
    'The pieces of a text between what a regular expression fits. What groups of the pattern held stands between them.',
  params: {
    text: { kind: 'text', about: 'what is cut' },
    pattern: { kind: 'pattern', about: 'where it is cut' },
  },
  result: 'list',
  call: ({ text, pattern }) => {
    const pieces: string[] = [];
    let from = 0;
    for (const { start, end, groups } of patternOf(pattern).matches(text)) {
      pieces.push(text.slice(from, start), ...groups.slice(1).map((group) => group ?? ''));
      from = end;
    }
    return [...pieces, text.slice(from)];
  },
  examples: [
    { args: ['a, b;c', '[,;] *'], result: ['a', 'b', 'c'] },
    { args: ['one', ','], result: ['one'] },
    { args: ['10m5s', '([a-z])'], result: ['10', 'm', '5', 's', ''] },
  ],
  alsoCalled: ['re_split'],
});
