import type { Event } from '../model/event.ts';
import type { ProcessMark } from './process-mark.ts';

/** The version of the files that this program writes. A newer one is refused, an older one would be read. */
export const SCHEMA = 1;

/** What `run.json` holds: written once when a run begins, never changed. */
export interface RunFile {
  schema: number;
  run: string;
  project: string;
  /** The process that writes the journal, to tell a run that goes on from one that was killed; absent where that cannot be asked. */
  process?: ProcessMark;
}

/** Where the exact bytes of a step's output are, when they are too many, or no UTF-8, for the event itself. */
export interface OutputFiles {
  /** Relative to the run's folder: all of it, or the first 64 MiB of the step. */
  stdoutFile?: string;
  stderrFile?: string;
  /** The last 64 KiB of what came after. */
  stdoutTailFile?: string;
  stderrTailFile?: string;
}

/** The end of a step as recorded: `stdout` and `stderr` are exact when present, and `stdoutBytes`, `stderrBytes` say how much there was in all. */
export type RecordedStepEnd = Extract<Event, { type: 'step-end' }> & OutputFiles;

/** One line of `events.jsonl`. Output itself is never a line. */
export type RecordedEvent = Exclude<Event, { type: 'step-end' | 'step-output' }> | RecordedStepEnd;

/** Which of a step's two streams. */
export type Stream = 'stdout' | 'stderr';
