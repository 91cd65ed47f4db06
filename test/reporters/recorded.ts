import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/model/event.ts';
import type { ReporterOptions } from '../../src/reporters/options.ts';

const RUNS = join(import.meta.dirname, 'runs');

/** The names of all recorded runs. */
export const runNames = readdirSync(RUNS)
  .map((file) => file.replace(/\.jsonl$/, ''))
  .sort();

/** The events of a recorded run; output is text, or base64 with `encoding`. */
export function recordedRun(name: string): Event[] {
  const lines = readFileSync(join(RUNS, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const { encoding, ...event } = JSON.parse(line);
    return event.type === 'step-output' ? { ...event, data: Buffer.from(event.data, encoding ?? 'utf8') } : event;
  });
}

/** What a reporter writes, in memory, without colours, 80 columns wide; `now` is the time of the last event it was given. */
export function written(changes: Partial<ReporterOptions> = {}): {
  options: ReporterOptions;
  text(): string;
  at(t: number): void;
} {
  let text = '';
  let now = 0;
  const out = {
    write: (more: string) => {
      text += more;
    },
  };
  const options = {
    out,
    width: 80,
    height: 24,
    color: 0 as const,
    verbose: false,
    diff: false,
    now: () => now,
    ...changes,
  };
  return {
    options,
    text: () => text,
    at: (t) => {
      now = t;
    },
  };
}
