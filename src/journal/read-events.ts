import { readFile } from 'node:fs/promises';
import type { RecordedEvent } from './recorded.ts';

/** The lines of an `events.jsonl`, as far as they are whole. */
export interface EventLines {
  events: RecordedEvent[];
  /** Lines in the middle that are no events: the disk or somebody damaged them. */
  damaged: number;
}

const NEWLINE = 0x0a;

/** Reads recorded events. A last line without its newline was torn by the end of the process, so it is dropped. Throws what reading throws. */
export async function readEvents(path: string): Promise<EventLines> {
  const bytes = await readFile(path);
  const events: RecordedEvent[] = [];
  let damaged = 0;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const event = parseEvent(bytes.toString('utf8', start, end));
    if (event) events.push(event);
    else damaged += 1;
    start = end + 1;
  }
  return { events, damaged };
}

/** One line as an event, or undefined. Only this program writes these files, so the type is enough of a check. */
export function parseEvent(line: string): RecordedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is RecordedEvent {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 't' in value
  );
}
