import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from '../model/event.ts';
import { ProblemError } from '../problems/problem.ts';
import { type Place, runsDirectory } from './paths.ts';
import { type RunState, readRun, readRunFile, runIds } from './read.ts';
import { parseEvent } from './read-events.ts';
import type { RecordedEvent } from './recorded.ts';
import { runIdTime } from './run-id.ts';

/** One row of `play runs`. */
export interface RunSummary {
  id: string;
  /** Milliseconds since the epoch. */
  started: number;
  state: RunState | 'unreadable';
  playbook?: string;
  name?: string;
  hosts: number;
  check: boolean;
  /** Steps of all hosts together, when the run came to its end. */
  counts?: Partial<Counts>;
  exit?: number;
  ms?: number;
  /** Why it is unreadable, in words. */
  trouble?: string;
}

/** Enough of a file's end to hold the last event, whatever the number of hosts. */
const END_BYTES = 1024 * 1024;
/** Enough of a file's beginning for the first event with a thousand host names. */
const BEGIN_BYTES = 256 * 1024;

/** The last runs of a project, newest first. One that cannot be read is listed as such. Throws ProblemError E_JOURNAL_READ when the folder itself cannot be read. */
export async function readRuns({ limit = 20, ...place }: Place & { limit?: number }): Promise<RunSummary[]> {
  const ids = (await runIds(place)).slice(-limit).reverse();
  return Promise.all(ids.map((id) => summarize(place, id)));
}

async function summarize(place: Place, id: string): Promise<RunSummary> {
  try {
    await readRunFile(join(runsDirectory(place), id), id);
    const edges = await firstAndLast(join(runsDirectory(place), id, 'events.jsonl'));
    if (edges.last?.type === 'run-end') return summary(id, 'done', edges);
    const run = await readRun({ ...place, run: id });
    return summary(id, run.state, { first: run.events[0], last: run.events.at(-1) });
  } catch (error) {
    const trouble = error instanceof ProblemError ? error.message : undefined;
    return { ...summary(id, 'unreadable', {}), ...(trouble !== undefined && { trouble }) };
  }
}

interface Edges {
  first?: RecordedEvent | undefined;
  last?: RecordedEvent | undefined;
}

function summary(id: string, state: RunSummary['state'], { first, last }: Edges): RunSummary {
  const start = first?.type === 'run-start' ? first : undefined;
  const end = last?.type === 'run-end' ? last : undefined;
  return {
    id,
    state,
    started: start?.t ?? runIdTime(id) ?? 0,
    hosts: start?.hosts.length ?? 0,
    check: start?.check ?? false,
    ...(start && { playbook: start.playbook, name: start.name }),
    ...(end && { exit: end.exit, ms: end.ms, counts: total(Object.values(end.counts)) }),
    ...(!end && first && last && { ms: last.t - first.t }),
  };
}

function total(counts: readonly Counts[]): Partial<Counts> {
  const sum: Partial<Counts> = {};
  for (const host of counts)
    for (const status of Object.keys(host) as (keyof Counts)[]) sum[status] = (sum[status] ?? 0) + host[status];
  return sum;
}

async function firstAndLast(path: string): Promise<Edges> {
  const { size } = await stat(path);
  const handle = await open(path, 'r');
  try {
    const read = async (from: number, length: number): Promise<string[]> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
      return buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    };
    const begin = await read(0, Math.min(size, BEGIN_BYTES));
    const end = size <= BEGIN_BYTES ? begin : await read(Math.max(0, size - END_BYTES), Math.min(size, END_BYTES));
    return { first: parseEvent(begin[0] ?? ''), last: parseEvent(end.at(-1) ?? '') };
  } finally {
    await handle.close();
  }
}
