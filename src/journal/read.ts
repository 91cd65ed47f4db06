import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';
import { type Place, runsDirectory } from './paths.ts';
import { isAlive } from './process-mark.ts';
import { readEvents } from './read-events.ts';
import { type RecordedEvent, type RunFile, SCHEMA } from './recorded.ts';
import { runIdTime } from './run-id.ts';
import { unreadable } from './unreadable.ts';
import { type OpenCommand, openCommands, type Unreported, unreportedSteps } from './unreported.ts';

/** `done` = it recorded its end, however it ended; `interrupted` = it was killed before that. */
export type RunState = 'done' | 'running' | 'interrupted';

/** A recorded run, read whole. */
export interface RecordedRun {
  id: string;
  dir: string;
  state: RunState;
  events: RecordedEvent[];
  /** Of an interrupted run: what was sent and never reported. */
  unreported: Unreported[];
  /** Of a run that is not going on: commands that a service may still be running for it. */
  openCommands: OpenCommand[];
  damaged: number;
}

/**
 * Reads one run: by its id, by the beginning or the end of its id when that is clear, or the last one.
 * Throws ProblemError: E_RUN_UNKNOWN, E_RUN_AMBIGUOUS, E_JOURNAL_NEWER, E_JOURNAL_READ.
 */
export async function readRun({ run, ...place }: Place & { run?: string | undefined }): Promise<RecordedRun> {
  const id = chooseRun(await runIds(place), run);
  const dir = join(runsDirectory(place), id);
  const file = await readRunFile(dir, id);
  const path = join(dir, 'events.jsonl');
  const { events, damaged } = await readEvents(path).catch(unreadable(path));
  const ended = events.some((event) => event.type === 'run-end');
  const state = ended ? 'done' : isAlive(file.process) ? 'running' : 'interrupted';
  const unreported = state === 'interrupted' ? unreportedSteps(events) : [];
  return { id, dir, state, events, damaged, unreported, openCommands: state === 'running' ? [] : openCommands(events) };
}

/** The ids of all recorded runs of a project, oldest first. */
export async function runIds(place: Place): Promise<string[]> {
  const path = runsDirectory(place);
  const names = await readdir(path).catch((error: unknown) => (isMissing(error) ? [] : unreadable(path)(error)));
  return names.filter((name) => runIdTime(name) !== undefined).sort();
}

/** Reads and checks the `run.json` of a run. Throws ProblemError E_JOURNAL_NEWER, E_JOURNAL_READ. */
export async function readRunFile(dir: string, id: string): Promise<RunFile> {
  const path = join(dir, 'run.json');
  const file = await readFile(path, 'utf8')
    .then((text) => asRunFile(JSON.parse(text)))
    .catch(unreadable(path));
  if (file.schema > SCHEMA)
    throw new ProblemError(problem('E_JOURNAL_NEWER', { run: id, schema: file.schema, known: SCHEMA }));
  return file;
}

function chooseRun(ids: readonly string[], asked: string | undefined): string {
  const latest = ids.at(-1);
  const matches = asked === undefined ? ids.slice(-1) : ids.filter((id) => id.startsWith(asked) || id.endsWith(asked));
  const exact = ids.find((id) => id === asked);
  const chosen = exact ?? matches[0];
  if (chosen === undefined)
    throw new ProblemError(
      problem('E_RUN_UNKNOWN', { ...(asked !== undefined && { asked }), ...(latest !== undefined && { latest }) }),
    );
  if (!exact && asked !== undefined && matches.length > 1)
    throw new ProblemError(problem('E_RUN_AMBIGUOUS', { asked, runs: matches }));
  return chosen;
}

function asRunFile(value: unknown): RunFile {
  const ours = typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'number';
  if (!ours) throw new Error('it is no record of a run');
  return value as RunFile;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
