import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fields } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { plainRows, rowValues } from './cells.ts';
import { type Database, openDatabase } from './database.ts';
import { draw } from './draw.ts';
import { plain } from './explain.ts';
import { sourceFault, stepFault, TableFault, targetFault } from './fault.ts';
import { isLateType } from './late-type.ts';
import { loadSource, type Ready, readySource } from './load.ts';
import { runPipeline } from './pipeline.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';
import { quoted } from './sql.ts';
import { sqliteRows, writeSqlite } from './sqlite.ts';
import type { Column, Path, Relation, Step } from './step.ts';
import { copyTo, replaceFile, writeDraft } from './write.ts';

/** What is to be done with tables. */
export interface Job {
  /** By name; the first step reads `data`, or the first where none is called so. */
  sources: readonly { name: string; source: Source; path: Path }[];
  steps: readonly Step[];
  sinks: readonly { sink: Sink; path: Path }[];
  check: boolean;
  /** How many rows are given back. */
  most: number;
  /** How many rows are drawn at most as text, a page or a picture; 100,000 when not said. */
  drawn?: number;
  memory: string;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface Done {
  changed: boolean;
  columns: Column[];
  rows: Fields[];
  /** All, also those that are not given back. */
  count: number;
  /** Text of sinks without a path, by kind. */
  texts: Record<string, string>;
  /** Files that have been written, or are right already. */
  files: string[];
  diff: string;
  /** What people are told: columns with numbers that became text. */
  notes: string[];
}

/** Rows that a drawn table may have: pages and pictures are for people. */
const DRAWN = 100_000;

/** Reads, works and writes. Throws TableFault, ProblemError where the engine is missing, and errors of the file system. */
export async function runTable(job: Job): Promise<Done> {
  const folder = await mkdtemp(join(tmpdir(), 'play-table-'));
  try {
    const ready: Ready[] = [];
    for (const { source, path } of job.sources)
      ready.push(await prepare({ source, path, folder, number: ready.length }));
    const drafts = job.sinks.map((_, i) => join(folder, `out${i}`));
    const database = await openDatabase({
      files: [...ready.map(({ file }) => file), ...drafts],
      folder: join(folder, 'spill'),
      memory: job.memory,
      threads: job.threads,
      signal: job.signal,
    });
    try {
      return await give(job, { database, relation: await work(job, database, ready), drafts });
    } finally {
      database.close();
    }
  } catch (error) {
    if (job.signal?.aborted) throw new ProblemError(problem('E_TASK_FAILED', { what: 'interrupted' }));
    throw told(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What DuckDB and the file system say is the world's fault; anything else is a bug and stays one. */
function told(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TableFault || error instanceof ProblemError) return error;
  return error.constructor === Error ? stepFault(plain(error.message), []) : error;
}

async function prepare(options: { source: Source; path: Path; folder: string; number: number }): Promise<Ready> {
  const { source, path } = options;
  try {
    if ('path' in source) await stat(source.path);
    return await readySource({ ...options, query: sqliteRows });
  } catch (error) {
    if (error instanceof TableFault || !(error instanceof Error)) throw error;
    throw sourceFault(source.shown, fileReason(error), path);
  }
}

/** Types of CSV files are told by their first rows; where a later one shows that these were not enough, all tell them. */
async function work(job: Job, database: Database, ready: readonly Ready[]): Promise<Relation> {
  const tables = new Map(job.sources.map(({ name }) => [name, `main.${quoted(name)}`]));
  const [first] = tables.values();
  if (first !== undefined && !tables.has('data')) tables.set('data', first);
  const attempt = async (whole: boolean): Promise<Relation> => {
    for (const [i, { name }] of job.sources.entries()) {
      const one = ready[i];
      if (one) await loadSource(database, name, { ready: one, whole });
    }
    return runPipeline({ database, tables, steps: job.steps });
  };
  try {
    return await attempt(false);
  } catch (error) {
    if (!isLateType(error)) throw error;
    try {
      return await attempt(true);
    } catch (again) {
      if (!isLateType(again)) throw again;
      const { source, path } = ready[0]!;
      throw sourceFault(source.shown, plain((again as Error).message), path);
    }
  }
}

async function give(
  job: Job,
  { database, relation, drafts }: { database: Database; relation: Relation; drafts: readonly string[] },
): Promise<Done> {
  const { columns } = relation;
  const large = new Set<string>();
  const [[total = 0n] = []] = await database.rows(`SELECT count(*) FROM ${relation.name}`);
  const count = Number(total);
  const rowsUpTo = async (most: number): Promise<Fields[]> => {
    const rows: Fields[] = [];
    for await (const chunk of database.stream(`${plainRows(relation.name, columns)} LIMIT ${most}`)) {
      rows.push(...rowValues(chunk, columns, (column) => large.add(column)));
    }
    return rows;
  };
  const done: Done = {
    changed: false,
    columns,
    rows: await rowsUpTo(job.most),
    count,
    texts: {},
    files: [],
    diff: '',
    notes: [],
  };
  let drawn: Fields[] | undefined;
  for (const [i, each] of job.sinks.entries()) {
    const draft = drafts[i] ?? '';
    const size = job.drawn ?? DRAWN;
    const drawable = async (): Promise<Fields[]> => {
      drawn ??= count <= job.most ? done.rows : await rowsUpTo(size);
      return drawn;
    };
    try {
      await put(each, { job, database, relation, draft, rows: drawable, done });
    } catch (error) {
      if (error instanceof TableFault || !(error instanceof Error)) throw error;
      throw targetFault(each.sink.path ?? each.sink.kind, fileReason(error), each.path);
    }
  }
  if (drawn && count > drawn.length) done.notes.push(`only the first ${drawn.length} of ${count} rows are drawn`);
  for (const name of large) done.notes.push(`"${name}" has whole numbers beyond 2^53, which are text in the result`);
  return done;
}

/** Makes one of the things that a table is to become. */
async function put(
  { sink, path }: Job['sinks'][number],
  {
    job,
    database,
    relation,
    draft,
    rows,
    done,
  }: { job: Job; database: Database; relation: Relation; draft: string; rows(): Promise<Fields[]>; done: Done },
): Promise<void> {
  const { columns } = relation;
  if (sink.kind === 'sqlite') {
    await copyTo(database, { kind: 'json' }, { relation, draft });
    const { table, mode } = sink;
    const changed = await writeSqlite({ path: sink.path, table, mode, columns, rows: draft, check: job.check });
    done.changed ||= changed;
    done.files.push(sink.path);
    return;
  }
  if (!(await copyTo(database, sink, { relation, draft }))) {
    const text = draw(sink, { columns, rows: await rows() }, path) ?? '';
    if (sink.path === undefined) done.texts[sink.kind] = text;
    else await writeDraft(draft, text);
  } else if (sink.path === undefined) done.texts[sink.kind] = await readFile(draft, 'utf8');
  if (sink.path === undefined) return;
  const { changed, diff } = await replaceFile(draft, sink.path, job);
  done.changed ||= changed;
  done.files.push(sink.path);
  if (diff !== undefined) done.diff += diff;
}
