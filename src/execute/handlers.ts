import type { Group } from '../render/render-group.ts';
import { tellPending } from './conclude.ts';
import type { Notified } from './context.ts';
import { type Cursor, idWithin } from './cursor.ts';
import { fromDecision } from './outcome.ts';
import { going, type Walk } from './walk.ts';

/**
 * Runs the handlers that were notified, each once, in the order they are written; again as long as handlers notify others.
 * In check mode those that only may have been notified are told as unknown.
 */
export async function runHandlers(walk: Walk): Promise<void> {
  const { run, host } = walk;
  const done = new Set<string>();
  for (;;) {
    if (!going(walk)) return;
    const due = inOrder(walk, host.notified);
    for (const [key, notified] of due) {
      done.add(key);
      host.notified.delete(key);
      tellPending(run, host);
      await walk.runFrom(placeOf(notified));
      if (!going(walk)) return;
    }
    if (due.length > 0) continue;
    const maybe = inOrder(walk, host.maybeNotified).find(([key]) => !done.has(key));
    if (!maybe) break;
    done.add(maybe[0]);
    tellUnknown(walk, maybe[1]);
  }
  host.maybeNotified.clear();
  await walk.concluder.settled();
}

/** Handlers in the order of the text; the same one for several items in the order in which they were notified. */
function inOrder<N extends Notified>({ play }: Walk, notified: ReadonlyMap<string, N>): [string, N][] {
  return play.handlers.flatMap((handler) => [...notified].filter(([, each]) => each.handler === handler));
}

/** A handler stands where it was notified from, and neither its end nor its failure is that of the tasks there. */
function placeOf({ handler, frame }: Notified): Cursor {
  return { nodes: [handler], at: 0, ...(frame && { frame: { ...frame, isAlone: true } }) };
}

function tellUnknown({ host, concluder, viewAt, places }: Walk, notified: Notified & { cause: string }): void {
  const { handler, frame, cause } = notified;
  const { task } = handler;
  const step = idWithin(task.id, frame);
  const ref = { host: host.host.name, step, task: task.name, module: task.module, handler: true };
  const group: Group = { planned: handler, view: viewAt(frame), loop: false, items: [] };
  const result = { status: 'unknown', message: `runs if "${cause}" changes something` } as const;
  const item = { ref, locals: {}, kind: 'done', result } as const;
  group.items.push(item);
  places.set(group, placeOf(notified));
  concluder.conclude(group, item, fromDecision(result.status, result.message), 0);
}
