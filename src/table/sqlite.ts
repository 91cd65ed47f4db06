import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runHere } from '../sqlite/here.ts';
import { programFault } from '../sqlite/program.ts';
import { kindOf, literal, quoted } from './sql.ts';
import type { Column } from './step.ts';

/*
 * SQLite databases through the program sqlite3 of this machine: DuckDB's own way to them is an extension that it would fetch from the network.
 */

/** The rows of a query as JSON. Throws an Error with SQLite's words. */
export async function sqliteRows(path: string, query: string): Promise<string> {
  const said = await sqlite(['-readonly', '-json', path], `${query}\n;\n`);
  return said.trim() === '' ? '[]' : said;
}

/** A table to be written, its rows in a file of JSON. */
export interface SqliteTable {
  path: string;
  table: string;
  mode: 'replace' | 'append';
  columns: readonly Column[];
  rows: string;
}

/** Writes a table; `check` only looks whether that would change anything. Rows are read from their file and are never part of the SQL. */
export async function writeSqlite(options: SqliteTable & { check: boolean }): Promise<boolean> {
  const { path, table, mode, columns, rows, check } = options;
  const isThere = existsSync(path);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const values = columns.map(({ name }) => `json_extract(value, ${literal(`$.${quoted(name)}`)})`).join(', ');
  const fresh = `SELECT ${values} FROM json_each(readfile(${literal(rows)}))`;
  if (mode === 'replace' && isThere && (await isSame(path, { table, columns, fresh }))) return false;
  if (check) return true;
  if (!isThere) await mkdir(dirname(path), { recursive: true });
  const make = `CREATE TABLE IF NOT EXISTS ${quoted(table)} (${columns.map((column) => `${quoted(column.name)} ${affinity(column)}`).join(', ')});`;
  const script = [
    'BEGIN IMMEDIATE;',
    ...(mode === 'replace' ? [`DROP TABLE IF EXISTS ${quoted(table)};`] : []),
    make,
    `INSERT INTO ${quoted(table)} (${names}) ${fresh};`,
    'COMMIT;',
  ];
  await sqlite([path], `${script.join('\n')}\n`);
  return true;
}

/** The same columns and the same rows in the same order. */
async function isSame(
  path: string,
  { table, columns, fresh }: { table: string; columns: readonly Column[]; fresh: string },
): Promise<boolean> {
  const found = JSON.parse(await sqliteRows(path, `SELECT name FROM pragma_table_info(${literal(table)})`)) as {
    name: string;
  }[];
  if (JSON.stringify(found.map(({ name }) => name)) !== JSON.stringify(columns.map(({ name }) => name))) return false;
  const old = `SELECT row_number() OVER (ORDER BY rowid), * FROM ${quoted(table)}`;
  const made = `SELECT row_number() OVER (), * FROM (${fresh})`;
  const [count] = JSON.parse(
    await sqliteRows(
      path,
      `SELECT (SELECT count(*) FROM (SELECT * FROM (${old}) EXCEPT SELECT * FROM (${made}))) + (SELECT count(*) FROM (SELECT * FROM (${made}) EXCEPT SELECT * FROM (${old}))) AS n`,
    ),
  ) as { n: number }[];
  return count?.n === 0;
}

/** JSON has no types of columns, so SQLite is told them (sqlite.org/datatype3.html). */
function affinity(column: Column): string {
  const kind = kindOf(column);
  if (kind === 'whole numbers' || kind === 'true and false') return 'INTEGER';
  return kind === 'numbers' ? 'REAL' : 'TEXT';
}

/** What the program is called with besides: others may have the database locked for a while. */
const program = `command -v sqlite3 >/dev/null 2>&1 || exit 127
exec sqlite3 -batch -bail -init /dev/null -cmd '.timeout 10000' "$@"`;

async function sqlite(args: string[], input: string): Promise<string> {
  const { rc, stdout, stderr } = await runHere(program, { args, stdin: input });
  if (rc !== 0) throw new Error(programFault({ rc, stderr }));
  return stdout.toString('utf8');
}
