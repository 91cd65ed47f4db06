import { join } from 'node:path';
import type { Event } from '../model/event.ts';
import { outputFileSet } from './output-files.ts';
import type { RecordedStepEnd, Stream } from './recorded.ts';
import { INLINE, type KeptStream, type StepOutput, stepOutput } from './step-output.ts';

/** The outputs of all steps that run now. Everything here throws what the file system throws. */
export interface RunningOutputs {
  write(host: string, step: string, stream: Stream, chunk: Uint8Array): void;
  /** The event as it is recorded: its output exact, in the event or in files. Text of the event itself counts only when nothing was written before. */
  end(event: StepEnd): RecordedStepEnd;
  /** Writes what running steps have given so far. */
  close(): void;
}

type StepEnd = Extract<Event, { type: 'step-end' }>;

/** Collects outputs into files below a run's folder. */
export function runningOutputs(dir: string): RunningOutputs {
  const files = outputFileSet(dir);
  const running = new Map<string, StepOutput>();
  let steps = 0;

  function write(host: string, step: string, stream: Stream, chunk: Uint8Array): void {
    const key = keyOf(host, step);
    let output = running.get(key);
    if (!output) {
      steps += 1;
      output = stepOutput(files, join('output', `${String(steps).padStart(6, '0')}-${plain(host)}-${plain(step)}`));
      running.set(key, output);
    }
    output.write(stream, chunk);
  }

  return {
    write,
    end(event) {
      const key = keyOf(event.host, event.step);
      if (!running.has(key)) for (const [stream, text] of longTexts(event)) write(event.host, event.step, stream, text);
      const kept = running.get(key)?.end();
      running.delete(key);
      const { stdout: _out, stderr: _err, ...rest } = event;
      return { ...rest, ...fields('stdout', kept?.stdout, event), ...fields('stderr', kept?.stderr, event) };
    },
    close() {
      for (const output of running.values()) output.end();
      files.closeAll();
    },
  };
}

/** What a step's end says about one stream. The event's own count wins when the executor dropped some before the journal saw it. */
function fields(stream: Stream, kept: KeptStream | undefined, event: StepEnd): Partial<RecordedStepEnd> {
  const text = kept ? kept.text : event[stream];
  const bytes = Math.max(kept?.bytes ?? Buffer.byteLength(text ?? ''), event[`${stream}Bytes`] ?? 0);
  return {
    ...(text !== undefined && { [stream]: text }),
    ...(bytes > 0 && { [`${stream}Bytes`]: bytes }),
    ...(kept?.file !== undefined && { [`${stream}File`]: kept.file }),
    ...(kept?.tailFile !== undefined && { [`${stream}TailFile`]: kept.tailFile }),
  };
}

function longTexts(event: StepEnd): [Stream, Buffer][] {
  const texts = (['stdout', 'stderr'] as const).map((stream): [Stream, Buffer] => [
    stream,
    Buffer.from(event[stream] ?? ''),
  ]);
  return texts.filter(([, bytes]) => bytes.length > INLINE);
}

/** Host names and step ids as parts of a file's name; the number before them makes it unique. */
function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 60);
}

function keyOf(host: string, step: string): string {
  return `${host}\0${step}`;
}
