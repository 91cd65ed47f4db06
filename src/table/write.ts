import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { unifiedDiff } from '../util/unified-diff.ts';
import { plainRows } from './cells.ts';
import type { Database } from './database.ts';
import type { Sink } from './sink.ts';
import { literal, quoted } from './sql.ts';
import type { Relation } from './step.ts';

/** Lets DuckDB write a table into a draft; false: this sink is none that it writes. */
export async function copyTo(
  database: Database,
  sink: Sink,
  { relation, draft }: { relation: Relation; draft: string },
): Promise<boolean> {
  const plain = `SELECT * FROM (${plainRows(relation.name, relation.columns)})`;
  const to = (query: string, options: string): Promise<void> =>
    database.run(`COPY (${query}) TO ${literal(draft)} (${options})`);
  switch (sink.kind) {
    case 'csv':
    case 'tsv': {
      const delimiter = sink.delimiter ?? (sink.kind === 'tsv' ? '\t' : ',');
      await to(
        `SELECT * FROM ${relation.name}`,
        `FORMAT csv, HEADER ${sink.header ?? true}, DELIMITER ${literal(delimiter)}`,
      );
      return true;
    }
    case 'json':
      await to(plain, 'FORMAT json, ARRAY true');
      return true;
    case 'ndjson':
      await to(plain, 'FORMAT json, ARRAY false');
      return true;
    case 'parquet': {
      // Parquet has no whole numbers beyond 64 bits: DuckDB would make floating point of them.
      const large = relation.columns.filter(({ type }) => type === 'HUGEINT' || type === 'UHUGEINT');
      const casts = large.map(({ name }) => `CAST(${quoted(name)} AS BIGINT) AS ${quoted(name)}`);
      const star = casts.length > 0 ? `* REPLACE (${casts.join(', ')})` : '*';
      await to(`SELECT ${star} FROM ${relation.name}`, 'FORMAT parquet, COMPRESSION zstd');
      return true;
    }
    default:
      return false;
  }
}

/** How a file of this machine stands to what is to be in it. */
export interface Written {
  changed: boolean;
  diff?: string;
}

/** Texts up to this size are shown as a diff, bytes. */
const SHOWN = 200_000;

/** Puts a draft in the place of a file where they differ, in one go; outside of `check`. */
export async function replaceFile(draft: string, target: string, { check }: { check: boolean }): Promise<Written> {
  const [fresh, old] = [await sumOf(draft), await sumOf(target)];
  if (fresh === old) return { changed: false };
  const diff = await diffOf(draft, target);
  if (!check) {
    await mkdir(dirname(target), { recursive: true });
    const beside = `${target}.play-${randomBytes(4).toString('hex')}.part`;
    try {
      await pipeline(createReadStream(draft), createWriteStream(beside));
      const mode = await stat(target).then(
        (found) => found.mode & 0o7777,
        () => undefined,
      );
      if (mode !== undefined) await chmod(beside, mode);
      await rename(beside, target);
    } finally {
      await rm(beside, { force: true });
    }
  }
  return { changed: true, ...(diff !== undefined && { diff }) };
}

async function sumOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function diffOf(draft: string, target: string): Promise<string | undefined> {
  const sizes = await Promise.all(
    [draft, target].map((path) =>
      stat(path).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  );
  if (sizes.some((size) => size > SHOWN)) return undefined;
  const before = await readFile(target, 'utf8').catch(() => undefined);
  return unifiedDiff({ path: target, before, after: await readFile(draft, 'utf8') });
}

/** A draft of text. */
export async function writeDraft(draft: string, text: string): Promise<void> {
  await writeFile(draft, text, { mode: 0o600 });
}
