import { readSync } from 'node:fs';
import type { Value } from '../model/value.ts';
import { whyNotJson } from '../util/json-text.ts';
import type { Surroundings } from './surroundings.ts';

/** What was piped into play, read when it is first asked for, and to its end. */
export interface PipedInput {
  /** `text`, its `lines`, and `json`: the value that it stands for, null when it is no JSON. */
  value(): Value;
  /** Why a field of it has no value; undefined: it has. */
  fault(field: string): string | undefined;
}

/** Reads standard input as data. */
export function pipedInput({ interactive }: Surroundings): PipedInput {
  let read: { text: string; json: Value; fault?: string } | undefined;
  const content = (): NonNullable<typeof read> => {
    read ??= parsed(toTheEnd());
    return read;
  };
  return {
    value() {
      const { text, json } = content();
      return { text, lines: linesOf(text), json };
    },
    fault(field) {
      if (interactive()) return 'it is a terminal; pipe something in: program | play FILE';
      return field === 'json' ? content().fault : undefined;
    },
  };
}

function parsed(text: string): { text: string; json: Value; fault?: string } {
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    return { text, json: null, fault: text.trim() === '' ? 'it is empty' : `it ${whyNotJson(text)}` };
  }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function toTheEnd(): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    let size: number;
    try {
      size = readSync(0, chunk);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Windows tells the end so; and who has closed it has nothing to say.
      if (code === 'EOF' || code === 'EBADF') break;
      if (code !== 'EAGAIN') throw error;
      // Whoever writes is slower than we are, and the pipe does not wait by itself.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      continue;
    }
    if (size === 0) break;
    chunks.push(Buffer.from(chunk.subarray(0, size)));
  }
  return Buffer.concat(chunks).toString('utf8');
}
