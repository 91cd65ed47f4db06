import { mkdir, readFile, rename, rm, writeFile as writeLocal } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BothContext, ControllerResult } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import { sh } from '../../program/sh.ts';
import type { Statement } from '../../sqlite/statements.ts';
import { type Held, heldOf } from '../../sqlite/values.ts';
import { badArgs } from './args.ts';
import { type Machine, runSqlite } from './sqlite-run.ts';
import { formatOf, readTable, type TableFormat, writeTable } from './sqlite-table.ts';
import { writeFile } from './write.ts';

/** A database and a file on the same machine. */
export interface FileWork {
  on: Machine;
  db: string;
  path: string;
  timeout: number;
  format?: TableFormat;
  table?: string;
}

const none: Fields = { rows: [], columns: [], changes: 0, last_row_id: 0, dest: '' };
const once = { times: [{}], transaction: true } as const;

/** Puts the rows of a file into a table. All or none. */
export async function importFrom(work: FileWork, context: BothContext): Promise<ControllerResult> {
  const { on, db, timeout, table } = work;
  if (table === undefined) throw badArgs('sqlite', 'import needs the table');
  const text = await contentOf(work, context);
  if (typeof text !== 'string') {
    return context.check
      ? { changed: false, fields: none, unknown: `it cannot be read yet: ${text.failed}` }
      : { changed: false, failed: text.failed, fields: none };
  }
  let read: ReturnType<typeof readTable>;
  try {
    read = readTable(text, formatFor(work));
  } catch (error) {
    const why = `${work.path}: ${error instanceof Error ? error.message : error}`;
    return { changed: false, failed: why, fields: none };
  }
  const { columns, rows } = read;
  if (rows.length === 0) return { changed: false, fields: none, message: `${work.path} has no rows` };
  const names = columns.map(quoted).join(', ');
  const marks = columns.map((_, i) => `?${i + 1}`).join(', ');
  const make = statement(`CREATE TABLE IF NOT EXISTS ${quoted(table)} (${names})`);
  const made = await runSqlite(
    { ...once, db, timeout, statements: [make], mode: context.check ? 'try' : 'write' },
    on,
    context,
  );
  if (context.check) return { changed: true, fields: none };
  if ('failed' in made) return { changed: false, failed: made.failed, fields: none };
  const times = rows.map((row) => Object.fromEntries(row.map((value, i) => [`?${i + 1}`, heldOf(value) as Held])));
  const insert = statement(`INSERT INTO ${quoted(table)} (${names}) VALUES (${marks})`);
  const ran = await runSqlite(
    { db, timeout, statements: [insert], times, mode: 'write', transaction: true },
    on,
    context,
  );
  if ('failed' in ran) return { changed: made.changed, failed: ran.failed, fields: none };
  return { changed: true, fields: { ...none, changes: ran.changes, last_row_id: ran.lastId } };
}

/** Writes the rows of a query, or of a table, to a file. It is a change when the file is another one afterwards. */
export async function exportTo(
  work: FileWork,
  context: BothContext,
  { statements, values }: { statements: readonly Statement[]; values: Record<string, Held> },
): Promise<ControllerResult> {
  const { on, db, timeout, table, path } = work;
  if (statements.length === 0 && table === undefined) throw badArgs('sqlite', 'export needs a query or a table');
  const asked = statements.length > 0 ? statements : [statement(`SELECT * FROM ${quoted(table ?? '')}`)];
  const ran = await runSqlite(
    { db, timeout, statements: asked, times: [values], mode: 'look', transaction: false },
    on,
    context,
  );
  if ('failed' in ran) {
    return context.check
      ? { changed: false, fields: none, unknown: `it cannot be tried yet: ${ran.failed}` }
      : { changed: false, failed: ran.failed, fields: none };
  }
  const text = writeTable({ columns: ran.columns, rows: ran.rows as Value[][] }, formatFor(work));
  const fields = { ...none, columns: ran.columns, dest: path };
  if (on === 'controller') return { changed: await writeHere(path, text, context.check), fields };
  const [answer] = await context.visit([writeFile({ dest: path, bytes: Buffer.from(text), attributes: {} })]);
  return { changed: answer?.status === 'changed' || answer?.status === 'would-change', fields };
}

/** Copies a database as it is at one moment. SQLite writes the copy beside its place first; one that is the same already stays. */
export async function backupTo(work: FileWork, context: BothContext): Promise<ControllerResult> {
  const { on, db, timeout, path } = work;
  const fields = { ...none, dest: path };
  if (context.check) return { changed: true, fields };
  const draft = `${path}.part`;
  await clear(draft, work, context);
  const copy = { text: 'VACUUM INTO ?1', places: ['?1'] };
  const ran = await runSqlite(
    { db, timeout, statements: [copy], times: [{ '?1': draft }], mode: 'look', transaction: false },
    on,
    context,
  );
  if ('failed' in ran) return { changed: false, failed: ran.failed, fields: none };
  return { changed: await place(draft, work, context), fields };
}

async function contentOf({ on, path }: FileWork, context: BothContext): Promise<string | { failed: string }> {
  if (on === 'controller')
    return readFile(path, 'utf8').catch((error) => ({
      failed: `${path}: ${error instanceof Error ? error.message : error}`,
    }));
  const chunks: Buffer[] = [];
  const [answer] = await context.visit([{ kind: 'action', reads: true, run: sh`cat <${path}` }], {
    mayFail: true,
    received: (_, chunk) => void chunks.push(chunk),
  });
  return answer?.rc === 0
    ? Buffer.concat(chunks).toString('utf8')
    : { failed: answer?.stderr.trim() || `${path} cannot be read` };
}

async function writeHere(path: string, text: string, check: boolean): Promise<boolean> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return false;
  if (check) return true;
  await mkdir(dirname(path), { recursive: true });
  await writeLocal(`${path}.part`, text);
  await rename(`${path}.part`, path);
  return true;
}

/** SQLite does not write into a file that is there. */
async function clear(draft: string, { on }: FileWork, context: BothContext): Promise<void> {
  if (on === 'controller') await rm(draft, { force: true });
  else await context.visit([{ kind: 'action', run: sh`rm -f -- ${draft}` }]);
}

/** Whether the file is another one now. */
async function place(draft: string, { on, path }: FileWork, context: BothContext): Promise<boolean> {
  if (on === 'target') {
    const move = sh`if cmp -s -- ${draft} ${path}; then rm -f -- ${draft} && echo same; else mv -f -- ${draft} ${path}; fi`;
    const [answer] = await context.visit([{ kind: 'action', run: move }]);
    return String(answer?.stdout).trim() !== 'same';
  }
  const [made, before] = await Promise.all([readFile(draft), readFile(path).catch(() => undefined)]);
  if (before && made.equals(before)) await rm(draft);
  else await rename(draft, path);
  return !(before && made.equals(before));
}

function formatFor({ format, path }: FileWork): TableFormat {
  const known = format ?? formatOf(path);
  if (known === undefined)
    throw badArgs('sqlite', `${path} does not tell what it is`, 'format: csv, tsv, json or ndjson');
  return known;
}

function statement(text: string): Statement {
  return { text, places: [] };
}

/** A name of SQL, whatever it holds. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
