import { defineFunction } from '../function.ts';
import { readIni } from '../ini.ts';

export const fromIni = defineFunction({
  name: 'from_ini',
  summary: 'The sections of an INI text as mappings of texts; keys before the first section stand beside them.',
  params: {
    text: { kind: 'text', about: 'INI: `[section]`, `key = value` or `key: value`, `#` and `;` for comments' },
  },
  result: 'map',
  call: ({ text }) => readIni(text),
  examples: [
    { args: ['[mysqld]\nport = 3306\n; more\nskip = a=b\n'], result: { mysqld: { port: '3306', skip: 'a=b' } } },
    { args: ['[Unit]\nAfter=a\nAfter=b\n'], result: { Unit: { After: ['a', 'b'] } } },
  ],
  alsoCalled: ['fromini', 'parse_ini', 'ini'],
});
