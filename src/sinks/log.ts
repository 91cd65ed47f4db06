import type { Reporter } from '../model/event.ts';
import { isAtLeast } from '../model/log.ts';
import { type Sink, toRecords } from './record.ts';

/** A sink, and how it is called when something is told about it. */
export interface NamedSink {
  name: string;
  sink: Sink;
}

/** Gives what happens in a run to all sinks. `end` resolves when all is written, with what was lost, by sink. */
export function createLog(sinks: readonly NamedSink[]): Pick<Reporter, 'on'> & {
  end(): Promise<{ name: string; reason: string }[]>;
} {
  const record = toRecords();
  return {
    on(event) {
      const made = sinks.length > 0 ? record(event) : undefined;
      if (!made) return;
      for (const { sink } of sinks) if (isAtLeast(made.level, sink.least)) sink.write(made);
    },
    async end() {
      const closed = await Promise.allSettled(sinks.map(({ sink }) => sink.close()));
      return closed.flatMap((one, i) =>
        one.status === 'rejected' ? [{ name: sinks[i]!.name, reason: (one.reason as Error).message }] : [],
      );
    },
  };
}
