import type { Level } from '../model/log.ts';
import { asData } from './log-formats.ts';
import { type Hook, post } from './post.ts';
import type { LogRecord, Sink } from './record.ts';

/** So many records go at once, after at most so many milliseconds. */
const MANY = 100;
const WAIT = 2000;

/** Sends records to a web address, several at once: `{"records": […]}`. */
export function webhookSink(hook: Hook, least: Level): Sink {
  let waiting: LogRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  let fault: unknown;
  let lost = 0;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const records = waiting;
    if (records.length === 0) return;
    waiting = [];
    // One after the other, so that their order stays.
    sending = sending.then(async () => {
      try {
        await post(hook, { records: records.map(asData) });
      } catch (error) {
        fault ??= error;
        lost += records.length;
      }
    });
  };
  return {
    least,
    write(record) {
      waiting.push(record);
      if (waiting.length >= MANY) flush();
      else timer ??= setTimeout(flush, WAIT);
    },
    async close() {
      flush();
      await sending;
      if (fault instanceof Error) throw new Error(`${fault.message} (${lost} records are lost)`);
    },
  };
}
