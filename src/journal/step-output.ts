import { isUtf8 } from 'node:buffer';
import type { OutputFileSet } from './output-files.ts';
import type { Stream } from './recorded.ts';
import { type Ring, ring } from './ring.ts';

/** Bytes that stand in the event itself; also how much of a stream waits in memory before it is written to its file. */
export const INLINE = 4 * 1024;
/** Bytes of one step, both streams together, that are kept whole. */
const WHOLE = 64 * 1024 * 1024;
/** Last bytes of a stream that are kept when a step wrote more than that. */
const TAIL = 64 * 1024;

/** What became of one stream: `text` when it stands in the event, else files. */
export interface KeptStream {
  bytes: number;
  text?: string;
  file?: string;
  tailFile?: string;
}

/** The output of one running step, on its way to the disk in bounded memory. */
export interface StepOutput {
  write(stream: Stream, chunk: Uint8Array): void;
  /** Settles where everything is. Nothing may be written after. */
  end(): Partial<Record<Stream, KeptStream>>;
}

interface StreamState {
  bytes: number;
  waiting: Buffer;
  waitingBytes: number;
  file: string;
  inFile: boolean;
  tail?: Ring;
}

/** Collects a step's output; `name` is the start of its files' names. Throws what writing a file throws. */
export function stepOutput(files: OutputFileSet, name: string): StepOutput {
  const streams = new Map<Stream, StreamState>();
  let kept = 0;

  function state(stream: Stream): StreamState {
    const known = streams.get(stream);
    if (known) return known;
    const waiting = Buffer.allocUnsafeSlow(INLINE);
    const made = { bytes: 0, waiting, waitingBytes: 0, file: `${name}.${stream}`, inFile: false };
    streams.set(stream, made);
    return made;
  }

  function keep(s: StreamState, chunk: Uint8Array): void {
    if (s.waitingBytes > 0 && s.waitingBytes + chunk.length > INLINE) flush(s);
    if (chunk.length > INLINE) {
      files.append(s.file, chunk);
      s.inFile = true;
      return;
    }
    s.waiting.set(chunk, s.waitingBytes);
    s.waitingBytes += chunk.length;
  }

  function flush(s: StreamState): void {
    files.append(s.file, s.waiting.subarray(0, s.waitingBytes));
    s.inFile = true;
    s.waitingBytes = 0;
  }

  function settle(s: StreamState): KeptStream {
    const waiting = s.waiting.subarray(0, s.waitingBytes);
    if (!s.inFile && !s.tail && isUtf8(waiting)) return { bytes: s.bytes, text: waiting.toString() };
    flush(s);
    files.release(s.file);
    if (!s.tail) return { bytes: s.bytes, file: s.file };
    const tailFile = `${s.file}.tail`;
    files.append(tailFile, s.tail.bytes());
    files.release(tailFile);
    return { bytes: s.bytes, file: s.file, tailFile };
  }

  return {
    write(stream, chunk) {
      const s = state(stream);
      s.bytes += chunk.length;
      const whole = chunk.subarray(0, WHOLE - kept);
      kept += whole.length;
      if (whole.length > 0) keep(s, whole);
      if (whole.length === chunk.length) return;
      s.tail ??= ring(TAIL);
      s.tail.push(chunk.subarray(whole.length));
    },
    end() {
      const kept: Partial<Record<Stream, KeptStream>> = {};
      for (const [stream, s] of streams) kept[stream] = settle(s);
      return kept;
    },
  };
}
