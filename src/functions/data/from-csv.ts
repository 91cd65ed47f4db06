import { CsvError, parse } from 'csv-parse/sync';
import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const fromCsv = defineFunction({
  name: 'from_csv',
  summary: 'The rows of a CSV text (RFC 4180) as mappings of texts, by the names in its first line.',
  params: {
    text: { kind: 'text', about: 'CSV' },
    delimiter: { kind: 'text', about: 'what stands between cells', default: ',' },
    header: { kind: 'bool', about: 'whether the first line has names; without them rows are lists', default: true },
  },
  result: 'list',
  call: ({ text, delimiter, header }) => {
    if (delimiter === '') throw new FunctionError('delimiter is empty');
    try {
      return parse(text, { delimiter, columns: header && uniqueNames, bom: true, skip_empty_lines: true }) as Value[];
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw new FunctionError(`this is not CSV: ${error.message.replace(/:? ?got .*$/, '')}`);
    }
  },
  examples: [
    {
      args: ['name,port\nweb,80\n"a, b",81\n'],
      result: [
        { name: 'web', port: '80' },
        { name: 'a, b', port: '81' },
      ],
    },
    {
      args: ['1;2\n3;4\n', ';', false],
      result: [
        ['1', '2'],
        ['3', '4'],
      ],
    },
  ],
  alsoCalled: ['fromcsv', 'parse_csv', 'csv', 'read_csv'],
});

function uniqueNames(names: string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new FunctionError(`two columns are called "${twice}"`);
  return names;
}
