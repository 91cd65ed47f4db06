import { defineFunction } from '../function.ts';
import { firstMatch, patternOf } from '../pattern.ts';

export const regexGroups = defineFunction({
  name: 'regex_groups',
  summary:
    'The named groups of the first piece that a regular expression fits, as a mapping; empty when it fits nowhere.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'a pattern with `(?P<name>…)`' },
  },
  result: 'map',
  call: ({ text, pattern }) => {
    const compiled = patternOf(pattern);
    const found = firstMatch(compiled, text);
    if (!found) return {};
    return Object.fromEntries(
      Object.entries(compiled.names).map(([name, number]) => [name, found.groups[number] ?? '']),
    );
  },
  examples: [
    {
      args: ['shop-1.10.0.tgz', '(?P<name>[a-z]+)-(?P<version>[0-9.]+)[.]tgz'],
      result: { name: 'shop', version: '1.10.0' },
    },
    { args: ['x', '(?P<digit>[0-9])'], result: {} },
  ],
  alsoCalled: ['regex_groupdict', 'groupdict'],
});
