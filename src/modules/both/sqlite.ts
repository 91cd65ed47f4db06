import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Job } from '../../sqlite/program.ts';
import { onlyLooks, type Statement, statementsOf } from '../../sqlite/statements.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { backupTo, exportTo, importFrom } from '../shared/sqlite-files.ts';
import { runSqlite } from '../shared/sqlite-run.ts';
import { bound, type Given } from '../shared/sqlite-values.ts';

const params = Type.Object(
  {
    db: text('The file of the database. It is made where it is missing, unless the SQL only reads.'),
    query: Type.Optional(
      text(
        'SQL: one statement, or several with `;` between them. `?`, `?2`, `:name`, `@name` and `$name` are places for values.',
      ),
    ),
    script: Type.Optional(text('A file of this machine with such SQL.')),
    positional_args: Type.Optional(Type.Array(Type.Unknown(), { description: 'Values for each `?`, in their order.' })),
    named_args: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Values for each `:name`, by name.' }),
    ),
    rows: Type.Optional(
      Type.Array(Type.Union([Type.Array(Type.Unknown()), Type.Record(Type.String(), Type.Unknown())]), {
        description: 'The SQL runs once for each of these lists, or mappings, of values.',
      }),
    ),
    transaction: Type.Optional(
      flag(
        'All of it happens or nothing does. `false` for what SQLite does not do in a transaction: `VACUUM`, `PRAGMA foreign_keys`.',
        true,
      ),
    ),
    import: Type.Optional(
      text(
        'A file with rows for `table`: CSV or TSV with the names of the columns in its first line, JSON, or a JSON value a line.',
      ),
    ),
    export: Type.Optional(
      text('A file that the rows of `query` or `table` are written to, as CSV, TSV, JSON, or a JSON value a line.'),
    ),
    table: Type.Optional(
      text('The table that is imported into (made with the columns of the file where it is missing) or exported.'),
    ),
    format: Type.Optional(
      choice(['csv', 'tsv', 'json', 'ndjson'], 'What such a file is; by the end of its name when not said.'),
    ),
    backup: Type.Optional(
      text('A file that a whole copy of the database is written to, also while others work with it.'),
    ),
    from: Type.Optional(
      choice(
        ['target', 'controller'],
        'Where the database and all these files are: on the host, or on the machine that play runs on, where a relative path starts beside the playbook.',
        'target',
      ),
    ),
    timeout: Type.Optional(
      Type.Integer({
        description: 'Seconds to wait while others have the database locked.',
        minimum: 0,
        maximum: 3600,
        default: 5,
      }),
    ),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** SQL on a file of SQLite, by the sqlite3 program of the machine where it is. */
export const sqlite = {
  name: 'sqlite',
  on: 'both',
  summary:
    'SQL has run on a SQLite database, or rows were imported, exported, or all of it copied. It is a change when rows, tables or settings are others afterwards.',
  params,
  result: {
    rows: 'The rows of the last statement that gave some: lists of column → value. Bytes are `{base64: …}`, whole numbers beyond 2^53 texts.',
    columns: 'The names of their columns, in order; empty when there was no row.',
    changes: 'How many rows were inserted, updated or deleted.',
    last_row_id: 'The number of the row inserted last; 0 when none was.',
    dest: 'The file that was written by `export` or `backup`; else empty.',
  },
  examples: [
    {
      sqlite: {
        db: '/srv/shop/shop.db',
        query: 'SELECT name, price FROM goods WHERE price > ?',
        positional_args: [10],
      },
      register: 'goods',
    },
    {
      sqlite: {
        db: 'reports.db',
        from: 'controller',
        query: 'INSERT INTO disks (host, mount, used) VALUES (:host, :mount, :used)',
        rows: '{{= facts.disks.map(d, {"host": host.name, "mount": d.mount, "used": d.used}) }}',
      },
    },
    { sqlite: { db: '/srv/shop/shop.db', script: 'schema.sql' } },
    { sqlite: { db: '/srv/shop/shop.db', backup: '/backup/shop.db' } },
    { sqlite: { db: '/srv/shop/shop.db', table: 'orders', export: '/tmp/orders.csv' } },
  ],
  idempotent: false,
  checkMode: true,
  reads: { script: 'files' },
  requireOne: [['query', 'script', 'import', 'export', 'backup']],
  exclusive: [
    ['query', 'script', 'import', 'backup'],
    ['script', 'export'],
    ['positional_args', 'named_args', 'rows'],
    ['import', 'export', 'backup'],
  ],
  async run(given, context) {
    checkArgs(sqlite, given);
    const on = given.from ?? 'target';
    const place = { on, db: pathOf(given, 'db', context), timeout: given.timeout ?? 5 };
    const file = given.import ?? given.export ?? given.backup;
    if (file === undefined) return runSql(given, place, context);
    const path = on === 'controller' ? context.localTarget(file) : hostPath('sqlite', 'the file', file);
    const work = {
      ...place,
      path,
      ...(given.format && { format: given.format }),
      ...(given.table && { table: given.table }),
    };
    if (given.backup !== undefined) return backupTo(work, context);
    if (given.import !== undefined) return importFrom(work, context);
    const statements = given.query === undefined ? [] : read(given.query);
    return exportTo(work, context, { statements, values: bound(statements, argsOf(given)) });
  },
} satisfies BothModule<typeof params>;

function pathOf({ from, db }: Params, name: string, context: BothContext): string {
  if (db === ':memory:') return db;
  return from === 'controller' ? context.localTarget(db) : hostPath('sqlite', name, db);
}

async function runSql(
  given: Params,
  place: Omit<Job, 'statements' | 'times' | 'mode' | 'transaction'> & { on: 'target' | 'controller' },
  context: BothContext,
): Promise<ControllerResult> {
  const statements = read(given.query ?? (await textOf(given.script ?? '', context)));
  const looks = statements.every(onlyLooks);
  const times = given.rows
    ? given.rows.map((row, i) => bound(statements, row as Given, i + 1))
    : [bound(statements, argsOf(given))];
  const none = { rows: [], columns: [], changes: 0, last_row_id: 0, dest: '' };
  if (times.length === 0) return { changed: false, fields: none, message: 'there are no rows' };
  const mode = looks ? 'look' : context.check ? 'try' : 'write';
  const ran = await runSqlite(
    { ...place, statements, times, mode, transaction: given.transaction ?? true },
    place.on,
    context,
  );
  if (!('failed' in ran)) {
    const { columns, rows, changes, lastId, changed } = ran;
    const list = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));
    return { changed, fields: { rows: list, columns, changes, last_row_id: lastId, dest: '' } };
  }
  if (!context.check) return { changed: false, failed: ran.failed + adviceOn(ran.failed), fields: none };
  if (/readonly database/.test(ran.failed)) return { changed: true, fields: none };
  return { changed: false, fields: none, unknown: `it cannot be tried yet: ${ran.failed}` };
}

function argsOf({ positional_args, named_args }: Params): Given {
  return (named_args ?? positional_args ?? []) as Given;
}

/** Throws ProblemError for SQL that has no end, or is none. */
function read(sql: string): Statement[] {
  const statements = statementsOf(sql);
  if ('unclosed' in statements) throw badArgs('sqlite', `the SQL has a ${statements.unclosed} without its end`);
  if (statements.length === 0) throw badArgs('sqlite', 'there is no statement in the SQL');
  for (const { text } of statements)
    if (/^[.#]/.test(text))
      throw badArgs('sqlite', `"${text.split('\n')[0]}" is a command of the sqlite3 program and not SQL`);
  return statements;
}

async function textOf(path: string, context: BothContext): Promise<string> {
  return Buffer.from(await context.readFile(path, 'files')).toString('utf8');
}

function adviceOn(failed: string): string {
  if (/within a transaction|inside a transaction/.test(failed)) return '; transaction: false runs it without one';
  if (/no program sqlite3/.test(failed))
    return '; install it, it is the package sqlite3 (sqlite on Fedora, Alpine and Arch)';
  return /database is locked/.test(failed) ? '; timeout says how long to wait for the others' : '';
}
