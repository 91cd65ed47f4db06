import { createHash } from 'node:crypto';
import type { DuckDBConnection, DuckDBInstance, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Value } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { literal } from './sql.ts';
import type { Column } from './step.ts';

/** A DuckDB of one task, in memory, which reaches no file but those it was told of. */
export interface Database {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<DuckDBValue[][]>;
  /** The rows of a query in chunks as they are made. */
  stream(sql: string): AsyncGenerator<DuckDBValue[][]>;
  columnsOf(relation: string): Promise<Column[]>;
  /** SQL that stands for a value, which itself is never part of any SQL. */
  bind(value: Value): Promise<string>;
  close(): void;
}

/** What a database may use. */
export interface DatabaseOptions {
  /** Absolute paths that it may read and write. */
  files: readonly string[];
  /** Where it puts what has no room in memory. */
  folder: string;
  /** As DuckDB writes it: `1GB`. */
  memory: string;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Opens a database. Its extensions are those that are built in, and once it is open nothing gets it to another file or to the network
 * (DuckDB's manual, "Securing DuckDB"). Throws ProblemError when the optional package is not there.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const duckdb = await load();
  const instance: DuckDBInstance = await duckdb.DuckDBInstance.create(':memory:', {
    memory_limit: options.memory,
    ...(options.threads !== undefined && { threads: String(options.threads) }),
    temp_directory: options.folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  const database = onConnection(connection, duckdb);
  await database.run(`SET TimeZone = 'UTC'`);
  await database.run(`SET allowed_paths = [${options.files.map(literal).join(', ')}]`);
  await database.run('SET enable_external_access = false');
  await database.run('SET lock_configuration = true');
  await database.run('CREATE SCHEMA play');
  return {
    ...database,
    close() {
      options.signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

type Library = typeof import('@duckdb/node-api');

async function load(): Promise<Library> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    const [detail = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ProblemError(problem('E_TABLE_ENGINE', { detail }));
  }
}

function onConnection(connection: DuckDBConnection, duckdb: Library): Omit<Database, 'close'> {
  const known = new Map<string, string>();
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRows();
    },
    async *stream(sql) {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk.getRows();
      }
    },
    async columnsOf(relation) {
      const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
      return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    },
    async bind(value) {
      // The same value is bound once, so that a query that is written twice is the same query.
      const key = createHash('sha256')
        .update(`${typeof value} ${JSON.stringify(value)}`)
        .digest('hex')
        .slice(0, 16);
      const name = known.get(key) ?? `play_${known.size + 1}`;
      if (!known.has(key)) {
        const { native, type } = toNative(value, duckdb);
        await connection.run(`SET VARIABLE ${name} = $1`, [native], [type]);
        known.set(key, name);
      }
      return `getvariable('${name}')`;
    },
  };
}

/** A value as DuckDB takes it: whole numbers as BIGINT, a list as a list of what all its items can be. */
function toNative(value: Value, duckdb: Library): { native: DuckDBValue; type: DuckDBType } {
  if (value === null) return { native: null, type: duckdb.SQLNULL };
  if (typeof value === 'boolean') return { native: value, type: duckdb.BOOLEAN };
  if (typeof value === 'string') return { native: value, type: duckdb.VARCHAR };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value)
      ? { native: BigInt(value), type: duckdb.BIGINT }
      : { native: value, type: duckdb.DOUBLE };
  }
  if (!Array.isArray(value)) return { native: JSON.stringify(value), type: duckdb.VARCHAR };
  const items = value.map((item) => toNative(item, duckdb));
  const types = new Set(items.flatMap(({ type, native }) => (native === null ? [] : [type])));
  const [only = duckdb.VARCHAR, ...more] = types;
  if (more.length === 0)
    return { native: duckdb.listValue(items.map(({ native }) => native)), type: duckdb.LIST(only) };
  const isNumbers = value.every((item) => item === null || typeof item === 'number');
  const mixed = value.map((item) =>
    item === null || isNumbers ? item : typeof item === 'string' ? item : JSON.stringify(item),
  );
  return {
    native: duckdb.listValue(mixed as DuckDBValue[]),
    type: duckdb.LIST(isNumbers ? duckdb.DOUBLE : duckdb.VARCHAR),
  };
}
