import { isUtf8 } from 'node:buffer';
import type { Event, Reporter } from '../model/event.ts';
import { unfinishedBytes } from '../util/utf8.ts';
import { printer, type ReporterOptions } from './options.ts';

/** One event a line, for programs: the events of the model as they are. Output that is no text (no UTF-8, or with NUL in it) is base64 and says so in `encoding`. */
export function jsonReporter({ out }: Pick<ReporterOptions, 'out'>): Reporter {
  const print = printer(out);
  const rests = new Map<string, Buffer>();

  /** Holds back the start of a character that continues in the next chunk, so that text stays text. */
  function text(key: string, data: Buffer): Buffer {
    const rest = rests.get(key);
    const bytes = rest ? Buffer.concat([rest, data]) : data;
    const cut = bytes.length - unfinishedBytes(bytes);
    rests.delete(key);
    if (cut < bytes.length) rests.set(key, Buffer.from(bytes.subarray(cut)));
    return bytes.subarray(0, cut);
  }

  function rest(event: Extract<Event, { type: 'step-end' }>, stream: 'stdout' | 'stderr'): string[] {
    const { t, host, step } = event;
    const key = `${host}\0${step}\0${stream}`;
    const data = rests.get(key);
    rests.delete(key);
    return data ? [outputLine({ type: 'step-output', t, host, step, stream, data })] : [];
  }

  return {
    on(event) {
      if (event.type === 'step-output') {
        const data = text(`${event.host}\0${event.step}\0${event.stream}`, event.data);
        if (data.length > 0) print.lines([outputLine({ ...event, data })]);
      } else if (event.type === 'step-end')
        print.lines([...rest(event, 'stdout'), ...rest(event, 'stderr'), asciiControls(event)]);
      else print.lines([asciiControls(event)]);
    },
  };
}

function outputLine(event: Extract<Event, { type: 'step-output' }>): string {
  const { data, ...rest } = event;
  const text = isUtf8(data) && !data.includes(0);
  return asciiControls(
    text ? { ...rest, data: data.toString() } : { ...rest, data: data.toString('base64'), encoding: 'base64' },
  );
}

/** JSON in which no character can act on a terminal; a parser gives back the exact text. */
function asciiControls(value: object): string {
  return JSON.stringify(value).replaceAll(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
