import type { Fields } from '../../model/value.ts';
import { mapping } from '../fields.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const fromTable = defineFunction({
  name: 'from_table',
  summary:
    'The rows of a table as programs print it for people (`df`, `ps`, `docker ps`), as mappings of texts by the names in its first line. The last column may hold spaces.',
  params: {
    text: { kind: 'text', about: 'the table' },
    aligned: {
      kind: 'bool',
      about:
        'columns begin below their names, which stand at least two spaces apart; cells may hold spaces or be empty',
      default: false,
    },
    skip: { kind: 'integer', about: 'how many lines stand before the names', default: 0 },
    columns: { kind: 'list', about: 'names, where the table has none', optional: true },
  },
  result: 'list',
  call: ({ text, aligned, skip, columns }) => {
    const lines = text.split(/\r?\n/).slice(skip);
    const rows = lines.slice(columns ? 0 : 1).filter((line) => line.trim() !== '');
    if (aligned) return alignedRows(lines[0] ?? '', rows, columns?.map(String));
    const names = columns ? columns.map(String) : namesFor(lines[0] ?? '', rows);
    return rows.map((line, i) => rowOf(wordsOf(line, names.length), names, i + 1));
  },
  examples: [
    {
      args: ['Filesystem 1024-blocks Mounted on\n/dev/sda1      4096 /srv/my data\ntmpfs            10 /run\n'],
      result: [
        { Filesystem: '/dev/sda1', '1024-blocks': '4096', 'Mounted on': '/srv/my data' },
        { Filesystem: 'tmpfs', '1024-blocks': '10', 'Mounted on': '/run' },
      ],
    },
    {
      args: ['CONTAINER ID   STATUS      NAMES\n0a1b           Up 2 days   web\n', true],
      result: [{ 'CONTAINER ID': '0a1b', STATUS: 'Up 2 days', NAMES: 'web' }],
    },
    {
      args: ['a 1\nb 2\n', false, 0, ['name', 'n']],
      result: [
        { name: 'a', n: '1' },
        { name: 'b', n: '2' },
      ],
    },
  ],
  alsoCalled: ['parse_table', 'from_columns', 'parse_columns'],
});

/** At most so many: the last one keeps its spaces. */
function wordsOf(line: string, most: number): string[] {
  const found: string[] = [];
  let rest = line.trim();
  while (rest !== '' && found.length < most - 1) {
    const [word = ''] = /^\S+/.exec(rest) ?? [];
    found.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return rest === '' ? found : [...found, rest];
}

/** The words of the first line; where rows have fewer, the last words are one name: `Mounted on`. */
function namesFor(head: string, rows: readonly string[]): string[] {
  const words = head.trim().split(/\s+/);
  const least = Math.min(words.length, ...rows.map((line) => line.trim().split(/\s+/).length));
  return unique(wordsOf(head, least));
}

function rowOf(cells: readonly string[], names: readonly string[], number: number): Fields {
  if (cells.length < names.length)
    throw new FunctionError(`row ${number} has ${cells.length} columns, and there are ${names.length} names`);
  return mapping(names.map((name, i) => [name, cells[i] ?? '']));
}

function alignedRows(head: string, rows: readonly string[], columns: readonly string[] | undefined): Fields[] {
  const starts = Array.from(head.matchAll(/\S+(?: \S+)*/g), ({ 0: name, index }) => ({ name, index }));
  const names = unique(columns ?? starts.map(({ name }) => name));
  if (names.length !== starts.length)
    throw new FunctionError(`the first line has ${starts.length} columns, and there are ${names.length} names`);
  return rows.map((line) =>
    mapping(names.map((name, i) => [name, line.slice(i === 0 ? 0 : starts[i]?.index, starts[i + 1]?.index).trim()])),
  );
}

function unique(names: readonly string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new FunctionError(`two columns are called "${twice}"`);
  return [...names];
}
