import { mapping } from '../fields.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { patternOf } from '../pattern.ts';

export const regexRows = defineFunction({
  name: 'regex_rows',
  summary:
    'For every piece of a text that a regular expression fits, a mapping of its named groups. `(?m)` lets `^` and `$` fit at every line.',
  params: {
    text: { kind: 'text', about: 'what is searched' },
    pattern: { kind: 'pattern', about: 'a pattern with `(?P<name>…)`' },
  },
  result: 'list',
  call: ({ text, pattern }) => {
    const compiled = patternOf(pattern);
    const names = Object.entries(compiled.names);
    if (names.length === 0) throw new FunctionError('the pattern has no named group: (?P<name>…)');
    return Array.from(compiled.matches(text), ({ groups }) =>
      mapping(names.map(([name, number]) => [name, groups[number] ?? ''])),
    );
  },
  examples: [
    {
      args: ['eth0 up\nlo down\n', '(?m)^(?P<name>[a-z0-9]+) (?P<state>[a-z]+)$'],
      result: [
        { name: 'eth0', state: 'up' },
        { name: 'lo', state: 'down' },
      ],
    },
    { args: ['nothing', '(?P<digit>[0-9])'], result: [] },
  ],
  alsoCalled: ['regex_table', 'finditer_groupdict', 'extract_all'],
});
