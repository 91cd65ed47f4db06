import type { Statement } from './statements.ts';
import { type Held, literal, readQuoted } from './values.ts';

/** Work on one database. */
export interface Job {
  db: string;
  statements: readonly Statement[];
  /** The values of each time that the statements run, by place: `?1`, `:name`. At least one, which may be empty; all have the same places. */
  times: readonly Readonly<Record<string, Held>>[];
  /** `look`: the database is opened to be read. `write`: it is made where it is missing. `try`: read as it is, to see whether something would be written. */
  mode: 'look' | 'write' | 'try';
  transaction: boolean;
  /** Seconds to wait for others that have it locked. */
  timeout: number;
}

/** What came of it. */
export interface Ran {
  /** Of the last statement that gave rows. */
  columns: string[];
  rows: Held[][];
  /** Rows that were inserted, updated or deleted. */
  changes: number;
  /** Of the last row that was inserted; 0 when none was. */
  lastId: number;
  /** Rows, tables or settings are not as before. */
  changed: boolean;
}

/**
 * Shell text that runs the job: `$1` is the database, `$2` the mode; standard input is what `programInput` gives.
 * What does not exist is tried on an empty database.
 */
export const programText = `command -v sqlite3 >/dev/null 2>&1 || exit 127
case $2 in
look) set -- "$1" -readonly ;;
try) if [ -e "$1" ]; then set -- "$1" -readonly; else set -- :memory: -batch; fi ;;
*) set -- "$1" -batch ;;
esac
exec sqlite3 -batch -bail -init /dev/null "$2" "$1"`;

/** A path that the program takes for a file, whatever its first characters are. */
export function programPath(db: string): string {
  return db.startsWith('/') || db === ':memory:' ? db : `./${db}`;
}

/** What is compared to see whether something changed; the second line is not counted by rows. */
const state = ['schema_version', 'user_version', 'application_id', 'journal_mode'].map((name) => `PRAGMA ${name};`);

/** What the sqlite3 program reads. `mark` is a word that is in no value: it tells its own rows apart. */
export function programInput({ statements, times, mode, transaction, timeout }: Job, mark: string): string {
  const wraps = transaction && mode !== 'look';
  const last = times.length - 1;
  return [
    `.timeout ${timeout * 1000}`,
    '.headers off',
    '.mode quote',
    ...(Object.keys(times[0] ?? {}).length > 0 ? ['.parameter init'] : []),
    // At once: one that begins by reading could not go on to write once another has written.
    ...(wraps ? [mode === 'write' ? 'BEGIN IMMEDIATE;' : 'BEGIN;'] : []),
    `SELECT '${mark}', total_changes();`,
    ...state,
    `SELECT '${mark}';`,
    ...times.flatMap((values, i) => [
      ...bind(values),
      ...(i === last ? [`SELECT '${mark}';`] : []),
      ...statements.map(({ text }) => run(text, i === last ? mark : undefined)),
    ]),
    `SELECT '${mark}', total_changes(), last_insert_rowid();`,
    ...state,
    ...(wraps ? ['COMMIT;'] : []),
    `SELECT '${mark}';`,
    '',
  ].join('\n');
}

/** Into the table that the program binds from. */
function bind(values: Readonly<Record<string, Held>>): string[] {
  const rows = Object.entries(values).map(([place, value]) => `('${place}', ${literal(value)})`);
  return rows.length === 0 ? [] : [`REPLACE INTO temp.sqlite_parameters VALUES ${rows.join(', ')};`];
}

function run(text: string, mark: string | undefined): string {
  if (mark === undefined) return `${text}\n;`;
  return `.headers on\n${text}\n;\n.headers off\nSELECT '${mark}';`;
}

/** Reads what the program printed for the input with this mark. Undefined: it has not come to its end. */
export function programAnswer(stdout: string, { times, mark }: { times: Job['times']; mark: string }): Ran | undefined {
  const parts: { head: Held[]; rows: Held[][] }[] = [];
  for (const row of readQuoted(stdout)) {
    if (row[0] === mark) parts.push({ head: row.slice(1), rows: [] });
    else parts.at(-1)?.rows.push(row);
  }
  // Counts and state; what all but the last time gave; the statements of that, each with a mark behind it; counts and state; the end.
  const [before, ...rest] = parts;
  const after = rest.at(-2);
  if (!before || !after || after.head.length !== 2) return undefined;
  const given = rest.slice(1, -2).map(({ rows }) => rows);
  const [columns = [], ...rows] = given.findLast((one) => one.length > 0) ?? [];
  const bound = times.length * Object.keys(times[0] ?? {}).length;
  const changes = Number(after.head[0]) - Number(before.head[0]) - bound;
  return {
    columns: columns.map(String),
    rows,
    changes,
    lastId: Number(after.head[1]) || 0,
    changed: changes > 0 || JSON.stringify(before.rows) !== JSON.stringify(after.rows),
  };
}

/** What SQLite says, without what is about the program's own input. */
export function programFault({ rc, stderr }: { rc: number | null; stderr: string }): string {
  if (rc === 127) return 'there is no program sqlite3';
  const line = stderr.split('\n').find((one) => /error/i.test(one)) ?? stderr.trim();
  if (line.includes('"parameter"')) return 'the program sqlite3 is older than 3.28, and cannot take values';
  const [, said] =
    /^(?:(?:Parse|Runtime) error|Error)(?: near line \d+)?: (?:near line \d+: )?(.*?)(?: \(\d+\))?$/.exec(line) ?? [];
  return said ?? (line || `sqlite3 ended with ${rc}`);
}
