import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../model/event.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { type Place, runsDirectory } from './paths.ts';
import { thisProcess } from './process-mark.ts';
import { type RunFile, SCHEMA, type Stream } from './recorded.ts';
import { runningOutputs } from './running-outputs.ts';
import { syncedLog } from './synced-log.ts';

/** A run on disk, while it happens. Everything given to it must be masked already. */
export interface Journal {
  /** The run's folder. */
  dir: string;
  /** Appends an event. A `step-output` event is the same as a call of `output`; a `step-end` closes the step's output. */
  record(event: Event): void;
  /** Resolves when everything recorded so far is on the disk. Throws ProblemError E_JOURNAL_WRITE when something could not be written: the run must not go on. */
  durable(): Promise<void>;
  /** Keeps a step's output byte by byte, up to 64 MiB a step, then its end and its count. */
  output(host: string, step: string, stream: Stream, chunk: Uint8Array): void;
  /** Writes what is left. Throws ProblemError E_JOURNAL_WRITE like `durable`. */
  close(): Promise<void>;
}

/** Where a new run is recorded. */
export interface NewRun extends Place {
  /** The run's id; see `newRunId`. */
  run: string;
}

/** Starts the record of a run. Throws ProblemError E_JOURNAL_WRITE when its folder cannot be made or exists already. */
export function openJournal({ stateDir, project, run }: NewRun): Journal {
  const dir = join(runsDirectory({ stateDir, project }), run);
  const explained = (error: unknown): unknown => cannotWrite({ dir, run }, error);
  const rethrow = (error: unknown): never => {
    throw explained(error);
  };
  const log = start();
  const outputs = runningOutputs(dir);

  function start(): ReturnType<typeof syncedLog> {
    try {
      makeFolders(dir);
      const mark = thisProcess();
      writeRunFile(dir, { schema: SCHEMA, run, project, ...(mark && { process: mark }) });
      return syncedLog(join(dir, 'events.jsonl'), () => syncNames(dir));
    } catch (error) {
      throw explained(error);
    }
  }

  /** A fault of the disk stops the run at its next wait for `durable`, not in the middle of somebody's output. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = explained(error);
      if (!(reason instanceof ProblemError)) throw reason;
      log.fail(reason);
    }
  }

  return {
    dir,
    durable: () => log.durable().catch(rethrow),
    output: (host, step, stream, chunk) => attempt(() => outputs.write(host, step, stream, chunk)),
    record(event) {
      if (event.type === 'step-output') attempt(() => outputs.write(event.host, event.step, event.stream, event.data));
      else if (event.type === 'step-end') attempt(() => log.add(JSON.stringify(outputs.end(event))));
      else log.add(JSON.stringify(event));
    },
    async close() {
      attempt(() => outputs.close());
      await log.close().catch(rethrow);
    },
  };
}

function makeFolders(dir: string): void {
  mkdirSync(join(dir, '..'), { recursive: true, mode: 0o700 });
  mkdirSync(dir, { mode: 0o700 });
  mkdirSync(join(dir, 'output'), { mode: 0o700 });
}

function writeRunFile(dir: string, file: RunFile): void {
  writeFileSync(join(dir, 'run.json'), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

/** A new file survives a power cut only when the folders that name it are synced too. Some network file systems cannot sync a folder and need not. */
async function syncNames(dir: string): Promise<void> {
  for (const path of [join(dir, 'run.json'), dir, join(dir, '..')]) {
    const handle = await open(path, 'r');
    const synced = handle.sync().catch((error: unknown) => {
      if (errorCode(error) !== 'EINVAL') throw error;
    });
    await synced.finally(() => handle.close());
  }
}

function cannotWrite({ dir, run }: { dir: string; run: string }, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new ProblemError(problem('E_JOURNAL_WRITE', { dir, run, code, detail: error.message }));
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
