import type { Group } from '../render/render-group.ts';
import type { HostRun } from './context.ts';
import type { Cursor } from './cursor.ts';
import type { Link } from './link.ts';
import { type WorkDone, workItem } from './run-alone.ts';
import type { Walk } from './walk.ts';

/**
 * Works on several items of a loop at the same time: each lane takes the next item that is left, on a way to the host of its own. Results
 * are concluded in the order of the items.
 */
export async function runParallel(
  walk: Walk,
  { group, cursor, most }: { group: Group; cursor: Cursor; most: number },
): Promise<void> {
  const { run, host, concluder } = walk;
  const { items } = group;
  const done: (WorkDone | undefined)[] = [];
  let next = 0;
  let told = 0;
  const tell = (): void => {
    for (let result = done[told]; result; result = done[told]) {
      concluder.conclude(group, items[told]!, result.result, result.ms, result.attempts);
      told += 1;
    }
  };
  const lane = async (number: number): Promise<void> => {
    const spares = new Map<string, Link>();
    const linkTo = (target: HostRun): Link => {
      if (number === 0) return target.link;
      const { name } = target.host;
      const link = spares.get(name) ?? run.spareLink(target);
      spares.set(name, link);
      return link;
    };
    try {
      while (next < items.length && host.state === 'live' && !run.stopping.aborted) {
        const index = next++;
        done[index] = await workItem(walk, { group, item: items[index]!, index, cursor, linkTo });
        tell();
      }
    } finally {
      await Promise.all([...spares.values()].map((link) => link.close()));
    }
  };
  const lanes = Array.from({ length: Math.min(most, items.length) }, (_, number) => lane(number));
  const failed = (await Promise.allSettled(lanes)).find((each) => each.status === 'rejected');
  await concluder.settled();
  if (failed) throw failed.reason;
}
