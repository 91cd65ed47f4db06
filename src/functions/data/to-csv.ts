import type { Value } from '../../model/value.ts';
import { defineFunction, FunctionError } from '../function.ts';
import { kindOf } from '../words.ts';

export const toCsv = defineFunction({
  name: 'to_csv',
  summary:
    'A list of mappings, or of lists, as CSV text (RFC 4180). The names of the columns are those of all mappings.',
  params: {
    rows: { kind: 'list', about: 'mappings or lists' },
    delimiter: { kind: 'text', about: 'what stands between cells', default: ',' },
  },
  result: 'text',
  call: ({ rows, delimiter }) => {
    if ([...delimiter].length !== 1 || /["\r\n]/.test(delimiter))
      throw new FunctionError('delimiter is one character, not a quote and not a line end');
    const names = [...new Set(rows.flatMap((row) => (Array.isArray(row) ? [] : Object.keys(row ?? {}))))];
    const cells = rows.map((row) => {
      if (typeof row !== 'object' || row === null)
        throw new FunctionError(`the rows have to be mappings or lists; one is ${kindOf(row)}`);
      return Array.isArray(row) ? row : names.map((name) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null));
    });
    const all = names.length > 0 ? [names, ...cells] : cells;
    return all.map((row) => `${row.map((cell) => cellText(cell, delimiter)).join(delimiter)}\n`).join('');
  },
  examples: [
    { args: [[{ name: 'web', port: 80 }, { name: 'a, b' }]], result: 'name,port\nweb,80\n"a, b",\n' },
    { args: [[[1, 2]], ';'], result: '1;2\n' },
  ],
  alsoCalled: ['tocsv', 'write_csv'],
});

function cellText(value: Value, delimiter: string): string {
  if (value === null) return '';
  if (typeof value === 'object') throw new FunctionError(`a cell holds text or a number, not ${kindOf(value)}`);
  const text = String(value);
  return /["\r\n]|^\s|\s$|^$|^\uFEFF/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
