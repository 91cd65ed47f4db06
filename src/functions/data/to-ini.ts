import { defineFunction } from '../function.ts';
import { writeIni } from '../ini.ts';

export const toIni = defineFunction({
  name: 'to_ini',
  summary: 'A mapping of mappings as INI text; a list gives its key several times.',
  params: { map: { kind: 'map', about: 'sections, and keys that stand before them' } },
  result: 'text',
  call: ({ map }) => writeIni(map),
  examples: [
    { args: [{ mysqld: { port: 3306, user: ['a', 'b'] } }], result: '[mysqld]\nport = 3306\nuser = a\nuser = b\n' },
  ],
  alsoCalled: ['toini'],
});
