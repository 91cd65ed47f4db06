import type { Fields, Value } from '../model/value.ts';
import { sourceFault } from './fault.ts';
import type { Path } from './step.ts';

/**
 * Rows as JSON, one a line, from what people have: a list of mappings, a list of lists, a list of plain values, a mapping of columns. Throws
 * TableFault.
 */
export function rowsText(
  value: Value,
  { columns, shown, path }: { columns?: string[]; shown: string; path: Path },
): string {
  const rows = rowsOf(value, columns);
  if (rows === undefined) throw sourceFault(shown, 'it is neither a list nor a mapping of columns', path);
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0)
    throw sourceFault(shown, 'it has no rows, so nothing tells its columns', path, 'name them: columns: [a, b]');
  // Rows without any of the columns still count.
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))}\n`)
    .join('');
}

function rowsOf(value: Value, columns: string[] | undefined): Fields[] | undefined {
  if (Array.isArray(value)) return value.map((row) => rowOf(row, columns));
  if (typeof value !== 'object' || value === null) return undefined;
  const lists = Object.entries(value);
  const [[, first] = []] = lists;
  if (!Array.isArray(first) || !lists.every(([, list]) => Array.isArray(list) && list.length === first.length))
    return [value];
  return first.map((_, i) => Object.fromEntries(lists.map(([name, list]) => [name, (list as Value[])[i] ?? null])));
}

function rowOf(row: Value, columns: string[] | undefined): Fields {
  if (Array.isArray(row)) return Object.fromEntries(row.map((cell, i) => [columns?.[i] ?? `column${i + 1}`, cell]));
  if (typeof row === 'object' && row !== null) return row;
  return { [columns?.[0] ?? 'value']: row };
}
