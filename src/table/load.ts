import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { plain } from './explain.ts';
import { sourceFault } from './fault.ts';
import { rowsText } from './rows-text.ts';
import { EMPTY, type Source } from './source.ts';
import { literal, quoted } from './sql.ts';
import type { Path } from './step.ts';
import { typeNamed } from './types.ts';

/** A source whose rows lie in a file that DuckDB can read. */
export interface Ready {
  source: Source;
  file: string;
  /** Of the source in the parameters. */
  path: Path;
}

/** How many rows of a CSV file tell the types of its columns, unless one behind them shows that all must. */
const SAMPLE = 100_000;

/** Puts what is no file yet into one of the folder. Rows of SQLite come from `query`. Throws TableFault. */
export async function readySource(options: {
  source: Source;
  path: Path;
  folder: string;
  number: number;
  query(database: string, sql: string): Promise<string>;
}): Promise<Ready> {
  const { source, path, folder, number } = options;
  if (source.kind !== 'sqlite' && 'path' in source) {
    return { source, path, file: await plainName(source.path, join(folder, `in${number}`)) };
  }
  const text =
    'text' in source
      ? source.text
      : source.kind === 'rows'
        ? rowsText(source.rows, { ...source, path })
        : await options.query(source.path, source.query);
  const file = join(folder, `in${number}.${source.kind === 'csv' || source.kind === 'lines' ? 'csv' : 'json'}`);
  await writeFile(file, text, { mode: 0o600 });
  return { source, path, file };
}

/** DuckDB takes `*`, `?` and `[` in a path for patterns; a link without them leads to such a file. */
async function plainName(path: string, link: string): Promise<string> {
  if (!/[*?[\]]/.test(path)) return path;
  const { symlink } = await import('node:fs/promises');
  const end = /(\.[a-z0-9]+)?(\.gz)?$/i.exec(path)?.[0] ?? '';
  await symlink(path, link + end);
  return link + end;
}

/** Makes a source readable by its name. `whole`: all rows of CSV files tell their types. Throws TableFault. */
export async function loadSource(
  database: Database,
  name: string,
  { ready, whole }: { ready: Ready; whole: boolean },
): Promise<void> {
  const { source, file, path } = ready;
  try {
    if (source.kind === 'csv') await loadCsv(database, name, { source, file, path, whole });
    else if (source.kind === 'lines')
      await database.run(`CREATE OR REPLACE VIEW ${quoted(name)} AS ${lines(source, file)}`);
    else if (source.kind === 'parquet')
      await database.run(`CREATE OR REPLACE VIEW ${quoted(name)} AS SELECT * FROM read_parquet(${literal(file)})`);
    else await loadJson(database, name, { source, file, path });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'TableFault') throw error;
    throw sourceFault(source.shown, plain(error.message).replaceAll(file, source.shown), path);
  }
}

async function loadCsv(
  database: Database,
  name: string,
  { source, file, path, whole }: { source: Source; file: string; path: Path; whole: boolean },
): Promise<void> {
  const { delimiter = ',', header = true, skip = 0, columns, types = {}, empty = EMPTY, encoding } = source;
  const typed = Object.entries(types).map(
    ([column, type]) => `${literal(column)}: ${literal(typeNamed(type, [...path, 'types', column]))}`,
  );
  const options = [
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `comment = ''`,
    `header = ${header}`,
    `skip = ${skip}`,
    `nullstr = [${empty.map(literal).join(', ')}]`,
    ...(columns === undefined ? [] : [`names = [${columns.map(literal).join(', ')}]`]),
    ...(encoding === undefined ? [] : [`encoding = ${literal(encoding)}`]),
  ];
  const guessed = [
    `auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR']`,
    `sample_size = ${whole ? -1 : SAMPLE}`,
    ...(typed.length === 0 ? [] : [`types = {${typed.join(', ')}}`]),
  ];
  const reader = (more: readonly string[]): string => `read_csv(${literal(file)}, ${[...options, ...more].join(', ')})`;
  try {
    await database.run(`CREATE OR REPLACE VIEW ${quoted(name)} AS SELECT * FROM ${reader(guessed)}`);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('sniffing')) throw error;
    const lenient = reader(['all_varchar = true', 'ignore_errors = true', 'store_rejects = true']);
    throw (await firstBadLine(database, lenient)) ?? error;
  }
}

/** A file of one column, which no character ends: four control characters in a row stand in no log. Empty lines are passed over. */
function lines({ columns, encoding = 'utf-8' }: Source, file: string): string {
  const options = [
    `columns = {${literal(columns?.[0] ?? 'line')}: 'VARCHAR'}`,
    `delim = ${literal('\u001c\u001d\u001e\u001f')}`,
    `nullstr = ${literal('\u001f')}`,
    `encoding = ${literal(encoding)}`,
    "quote = '', escape = '', comment = '', header = false, auto_detect = false",
  ];
  return `SELECT * FROM read_csv(${literal(file)}, ${options.join(', ')})`;
}

/** DuckDB says of a file only that it does not fit; which line that is, it knows once it may leave lines out. */
async function firstBadLine(database: Database, reader: string): Promise<Error | undefined> {
  try {
    await database.rows(`SELECT count(*) FROM (SELECT * FROM ${reader})`);
    const [row] = await database.rows('SELECT line, error_message FROM reject_errors ORDER BY line LIMIT 1');
    return row && new Error(`CSV Error on Line: ${row[0]}\n${row[1]}`);
  } catch {
    return undefined;
  }
}

/** Values of JSON keep the kinds they have: a text that looks like a date stays text, and what is nested stays JSON. */
async function loadJson(
  database: Database,
  name: string,
  { source, file, path }: { source: Source; file: string; path: Path },
): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE play.json AS SELECT * FROM read_json(${literal(file)}, maximum_depth = 1, sample_size = -1)`,
  );
  const columns = await database.columnsOf('play.json');
  const [kinds = []] = await database.rows(
    `SELECT ${columns.map((column) => `array_to_string(list_sort(list(DISTINCT json_type(${quoted(column.name)}))), ' ')`).join(', ')} FROM play.json`,
  );
  const parts = columns.map((column, i) => {
    const wanted = source.types?.[column.name];
    const type =
      wanted === undefined ? typeOf(String(kinds[i] ?? '')) : typeNamed(wanted, [...path, 'types', column.name]);
    const sql = quoted(column.name);
    return `${type === 'JSON' ? sql : `CAST(${sql} ->> '$' AS ${type})`} AS ${sql}`;
  });
  await database.run(`CREATE OR REPLACE TABLE ${quoted(name)} AS SELECT ${parts.join(', ')} FROM play.json`);
  await database.run('DROP TABLE play.json');
}

/** The type for the kinds of JSON values that a column has. Texts and numbers mixed are text. */
function typeOf(kinds: string): string {
  const found = new Set(kinds.split(' ').filter((kind) => kind !== '' && kind !== 'NULL'));
  const only = (...some: string[]): boolean => [...found].every((kind) => some.includes(kind));
  if (found.size === 0) return 'VARCHAR';
  if (only('BOOLEAN')) return 'BOOLEAN';
  // Positive whole numbers and others have two names.
  if (only('BIGINT', 'UBIGINT')) return 'BIGINT';
  if (only('BIGINT', 'UBIGINT', 'DOUBLE')) return 'DOUBLE';
  return only('VARCHAR', 'BIGINT', 'UBIGINT', 'DOUBLE', 'BOOLEAN') ? 'VARCHAR' : 'JSON';
}
