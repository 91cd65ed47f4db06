import type { Reporter } from '../model/event.ts';

/** Gives every event to several reporters, in their order. */
export function tee(...reporters: readonly Reporter[]): Reporter {
  return {
    on(event) {
      for (const reporter of reporters) reporter.on(event);
    },
    async close() {
      await Promise.all(reporters.map((reporter) => reporter.close?.()));
    },
  };
}
