import type { Errand } from './errand.ts';
import type { Timing } from './timing.ts';

/** Instance ids that SendCommand takes ("you can specify up to 50 IDs", API reference). */
export const mostInstances = 50;

/** Errands that go in one command. */
export interface Batch {
  errands: Errand[];
  tag?: string;
}

interface Group {
  errands: Errand[];
  timer: NodeJS.Timeout;
  since: number;
}

/** Brings errands with the same script together: those that come shortly after each other, 50 at once, or all that carry a tag. */
export function createBatches({
  timing,
  send,
  now = () => performance.now(),
}: {
  timing: Timing;
  send: (batch: Batch) => void;
  now?: () => number;
}): (errand: Errand) => void {
  const groups = new Map<string, Group>();

  const flush = (key: string): void => {
    const group = groups.get(key);
    if (!group) return;
    groups.delete(key);
    clearTimeout(group.timer);
    const errands = group.errands.filter((errand) => !errand.isCalledOff);
    const tag = errands[0]?.order.tag;
    if (tag && errands.length === tag.hosts) {
      send({ errands, tag: tag.name });
      return;
    }
    for (let from = 0; from < errands.length; from += mostInstances)
      send({ errands: errands.slice(from, from + mostInstances) });
  };

  return (errand) => {
    const { key, tag } = errand.order;
    const group = groups.get(key);
    // How many carry a tag is known, so they are waited for as long as they keep coming: thousands of hosts take a while to get here.
    const patience = tag ? 20 : 1;
    const longest = tag ? Number.POSITIVE_INFINITY : timing.longest;
    if (!group) {
      const timer = setTimeout(() => flush(key), timing.quiet * patience);
      groups.set(key, { errands: [errand], since: now(), timer });
    } else {
      group.errands.push(errand);
      if (now() - group.since < longest) group.timer.refresh();
    }
    if ((group?.errands.length ?? 1) >= (tag?.hosts ?? mostInstances)) flush(key);
  };
}
