import { stepFault } from './fault.ts';
import { kindOf, quoted } from './sql.ts';
import type { Column, Path } from './step.ts';

/** The types that authors name, and what they are for DuckDB. */
const types: Record<string, string> = {
  integer: 'BIGINT',
  int: 'BIGINT',
  number: 'DOUBLE',
  float: 'DOUBLE',
  text: 'VARCHAR',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  bool: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMP',
  time: 'TIME',
  json: 'JSON',
};

/** DuckDB's type for the name of one. Throws TableFault. */
export function typeNamed(name: string, path: Path): string {
  const type = types[name] ?? (/^decimal\(\d{1,2}, ?\d{1,2}\)$/.test(name) ? name : undefined);
  if (type === undefined) {
    throw stepFault(
      `there is no type "${name}"`,
      path,
      'integer, number, text, boolean, date, datetime, time, json and decimal(10,2) are types',
    );
  }
  return type;
}

/**
 * A column as values of a type. A text that is no whole number is none either when it could be rounded to one, and what is behind the point
 * of a number is cut off, as Python's int() does it.
 */
export function castTo(options: { column: Column; type: string; isLenient: boolean; path: Path }): string {
  const { column, isLenient, path } = options;
  const type = typeNamed(options.type, path);
  const sql = quoted(column.name);
  const attempt = isLenient ? 'TRY_CAST' : 'CAST';
  const kind = kindOf(column);
  if (type === 'BIGINT' && kind === 'numbers') return `${attempt}(trunc(${sql}) AS BIGINT)`;
  if (type === 'BIGINT' && kind === 'text') {
    const otherwise = isLenient ? 'NULL' : `error(concat('"', ${sql}, '" is no whole number'))`;
    return `CASE WHEN ${sql} IS NULL THEN NULL WHEN regexp_full_match(${sql}, '\\s*[-+]?[0-9]+\\s*') THEN ${attempt}(trim(${sql}) AS BIGINT) ELSE ${otherwise} END`;
  }
  if (type === 'TIMESTAMP' && kind === 'text') return `CAST(${attempt}(${sql} AS TIMESTAMPTZ) AS TIMESTAMP)`;
  return `${attempt}(${sql} AS ${type})`;
}
