import type { Event, StepRef } from '../model/event.ts';

/** Steps that have begun and not ended, with the time they began, in milliseconds since the epoch. */
export interface UnderWay {
  on(event: Event): void;
  steps(): { ref: StepRef; since: number }[];
}

/** Follows them by the events of a run. */
export function createUnderWay(): UnderWay {
  const open = new Map<string, { ref: StepRef; since: number }>();
  return {
    on(event) {
      if (event.type === 'step-start') {
        const { type: _, t, ...ref } = event;
        open.set(`${event.host}\0${event.step}`, { ref, since: t });
      } else if (event.type === 'step-end') open.delete(`${event.host}\0${event.step}`);
    },
    steps: () => [...open.values()],
  };
}
