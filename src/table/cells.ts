import type { DuckDBValue } from '@duckdb/node-api';
import type { Fields, Value } from '../model/value.ts';
import { quoted } from './sql.ts';
import type { Column } from './step.ts';

/**
 * A query for the rows of a table in a form that plain data can take: dates and times as ISO 8601 text (RFC 3339), what is nested as JSON,
 * numbers that are none (NaN, infinity) as nothing.
 */
export function plainRows(relation: string, columns: readonly Column[]): string {
  return `SELECT ${columns.map((column) => `${plainCell(column)} AS ${quoted(column.name)}`).join(', ')} FROM ${relation}`;
}

function plainCell({ name, type }: Column): string {
  const sql = quoted(name);
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return `replace(CAST(CAST(${sql} AS TIMESTAMP) AS VARCHAR), ' ', 'T') || 'Z'`;
  if (type.startsWith('TIMESTAMP')) return `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`;
  if (/^(DOUBLE|FLOAT)$/.test(type)) return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
  if (/^DECIMAL/.test(type)) return `CAST(${sql} AS DOUBLE)`;
  if (type === 'VARCHAR' || type === 'BOOLEAN' || type === 'JSON' || /INT(EGER)?$/.test(type)) return sql;
  if (type === 'BLOB') return `hex(${sql})`;
  if (/^(STRUCT|MAP)\(|\]$/.test(type)) return `to_json(${sql})`;
  return `CAST(${sql} AS VARCHAR)`;
}

/** Whether a column holds JSON once its table is written by `plainRows`. */
function holdsJson({ type }: Column): boolean {
  return type === 'JSON' || /^(STRUCT|MAP)\(|\]$/.test(type);
}

/** A cell of `plainRows` as plain data. Whole numbers that JavaScript cannot hold become text, of which `large` is told. */
function cellValue(cell: DuckDBValue | undefined, column: Column, large: (column: string) => void): Value {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'bigint') {
    const number = Number(cell);
    if (Number.isSafeInteger(number)) return number;
    large(column.name);
    return String(cell);
  }
  if (typeof cell === 'string') return holdsJson(column) ? (JSON.parse(cell) as Value) : cell;
  return typeof cell === 'number' || typeof cell === 'boolean' ? cell : String(cell);
}

/** Rows of `plainRows` as mappings. */
export function rowValues(
  rows: readonly DuckDBValue[][],
  columns: readonly Column[],
  large: (column: string) => void,
): Fields[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, i) => [column.name, cellValue(row[i], column, large)])),
  );
}

/** A value as it stands in a cell for people. */
export function cellText(value: Value): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
