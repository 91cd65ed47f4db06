import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeOutput } from '../util/clean-text.ts';
import type { RecordedStepEnd, Stream } from './recorded.ts';
import { unreadable } from './unreadable.ts';

/** Bytes at the end of an output that a glance shows. */
const GLANCE = 16 * 1024;

/** The exact bytes of a step's output. When there was too much, its middle is replaced by one line that says how much is missing. */
export async function* readOutput(dir: string, event: RecordedStepEnd, stream: Stream): AsyncGenerator<Buffer> {
  const [text, file, tailFile] = [event[stream], event[`${stream}File`], event[`${stream}TailFile`]];
  if (file === undefined) {
    if (text) yield Buffer.from(text);
    return;
  }
  let shown = 0;
  for await (const chunk of readChunks(join(dir, file))) {
    shown += chunk.length;
    yield chunk;
  }
  if (tailFile === undefined) return;
  const tail = await readFile(join(dir, tailFile)).catch(unreadable(join(dir, tailFile)));
  const missing = (event[`${stream}Bytes`] ?? 0) - shown - tail.length;
  if (missing > 0) yield Buffer.from(`\n… ${missing} bytes were not kept …\n`);
  yield tail;
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
  } catch (error) {
    unreadable(path)(error);
  }
}

/** The end of a step's output as text that is not cleaned, for a glance at it; undefined when it said nothing. */
export async function outputEnd(dir: string, event: RecordedStepEnd, stream: Stream): Promise<string | undefined> {
  const file = event[`${stream}TailFile`] ?? event[`${stream}File`];
  if (file === undefined) return event[stream];
  const path = join(dir, file);
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, GLANCE);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return decodeOutput(buffer);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unreadable(path)(error);
  }
}
