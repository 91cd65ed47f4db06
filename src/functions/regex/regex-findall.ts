import type { Value } from '../../model/value.ts';
import { defineFunction } from '../function.ts';
import { patternOf } from '../pattern.ts';

export const regexFindall = defineFunction({
  name: 'regex_findall',
  summary:
    'Every piece of a text that a regular expression fits. With one group it is what the group held, with more a list of them.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'what is looked for' },
  },
  result: 'list',
  call: ({ text, pattern }) => {
    const compiled = patternOf(pattern);
    return Array.from(compiled.matches(text), ({ groups: [whole = '', ...groups] }): Value => {
      const texts = groups.map((group) => group ?? '');
      return texts.length > 1 ? texts : (texts[0] ?? whole);
    });
  },
  examples: [
    { args: ['80, 443, 8080', '[0-9]+'], result: ['80', '443', '8080'] },
    {
      args: ['a=1 b=2', '([a-z])=([0-9])'],
      result: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
  ],
  alsoCalled: ['findall', 'finditer', 'regex_find_all', 'regex_matches'],
});
