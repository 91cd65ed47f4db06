import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { ProblemError, problem } from '../problems/problem.ts';
import { TableFault } from '../table/fault.ts';
import { runTable } from '../table/run.ts';
import type { Sink } from '../table/sink.ts';
import { formatOf, type Source } from '../table/source.ts';
import type { Surroundings } from './surroundings.ts';

/** What `play table` can be told. */
export interface TableOptions {
  format: 'text' | 'csv' | 'tsv' | 'json' | 'ndjson' | 'markdown' | 'html';
  input?: 'csv' | 'tsv' | 'json' | 'ndjson';
  delimiter?: string;
  table?: string;
  rows: string;
}

/** `play table FILE… [SQL]`: a query of files. The first is called `data`, and each by its name without the ending. */
export async function showTable(words: string[], options: TableOptions, around: Surroundings): Promise<number> {
  const most = Number(options.rows);
  if (!Number.isInteger(most) || most < 0) throw usage(`--rows takes a whole number, not "${options.rows}"`);
  const last = words.at(-1) ?? '';
  const isQuery = words.length > 1 && !existsSync(resolve(around.cwd, last)) && /\s/.test(last.trim());
  const files = isQuery ? words.slice(0, -1) : words;
  const sources = [];
  for (const [i, file] of files.entries()) {
    const source = await sourceOf(file, options, around);
    const name = basename(file).replace(/\.[a-z0-9]+(\.gz)?$/i, '');
    const path = [file];
    if (i === 0) sources.push({ name: 'data', source, path });
    if (file !== '-' && name !== 'data') sources.push({ name, source, path });
  }
  const kind: Sink['kind'] = options.format === 'text' ? 'terminal' : options.format;
  try {
    const done = await runTable({
      sources,
      steps: isQuery ? [{ sql: { texts: [last], values: [] } }] : [],
      sinks: [{ sink: { kind }, path: [] }],
      check: true,
      most,
      drawn: most,
      memory: '1GB',
    });
    around.stdout.write(done.texts[kind] ?? '');
    for (const note of done.notes) around.stderr.write(`play: ${note}\n`);
    return 0;
  } catch (error) {
    throw error instanceof TableFault ? new ProblemError(error.problem) : error;
  }
}

async function sourceOf(file: string, options: TableOptions, around: Surroundings): Promise<Source> {
  const format = options.input ?? (file === '-' ? 'csv' : formatOf(file));
  const delimiter = options.delimiter ?? (format === 'tsv' ? '\t' : undefined);
  const reading = { shown: file === '-' ? 'standard input' : file, ...(delimiter !== undefined && { delimiter }) };
  const path = resolve(around.cwd, file);
  switch (format) {
    case 'csv':
    case 'tsv':
    case 'json':
    case 'ndjson': {
      const kind = format === 'csv' || format === 'tsv' ? 'csv' : 'json';
      return file === '-' ? { kind, text: await text(process.stdin), ...reading } : { kind, path, ...reading };
    }
    case 'parquet':
      return { kind: 'parquet', path, ...reading };
    case 'sqlite': {
      if (options.table === undefined) throw usage(`${file} is a database: which table?`, 'name it: --table NAME');
      return { kind: 'sqlite', path, query: `SELECT * FROM "${options.table.replaceAll('"', '""')}"`, ...reading };
    }
    default:
      throw usage(`the name of ${file} does not tell what it is`, 'say it: --input csv, tsv, json or ndjson');
  }
}

function usage(detail: string, advice?: string): ProblemError {
  return new ProblemError(problem('E_USAGE', { detail, ...(advice !== undefined && { advice }) }));
}
