import type { PlannedTask } from '../plan/planned.ts';
import type { Group } from '../render/render-group.ts';
import { going, type Walk } from './host-play.ts';
import { fromDecision } from './outcome.ts';

/**
 * Runs the handlers that were notified, each once, in the order they are written; again as long as handlers notify others.
 * `runTask` runs one. In check mode those that only may have been notified are told as unknown.
 */
export async function runHandlers(walk: Walk, runTask: (handler: PlannedTask) => Promise<void>): Promise<void> {
  const { run, play, host } = walk;
  const done = new Set<string>();
  for (;;) {
    if (!going(walk)) return;
    const due = play.handlers.filter(({ task }) => host.notified.has(task.name));
    for (const handler of due) {
      done.add(handler.task.name);
      host.notified.delete(handler.task.name);
      run.emit({ type: 'pending-handlers', host: host.host.name, handlers: [...host.notified] });
      await runTask(handler);
      if (!going(walk)) return;
    }
    if (due.length > 0) continue;
    const maybe = play.handlers.find(({ task }) => host.maybeNotified.has(task.name) && !done.has(task.name));
    if (!maybe) break;
    done.add(maybe.task.name);
    tellUnknown(walk, maybe);
  }
  host.maybeNotified.clear();
  await walk.concluder.settled();
}

function tellUnknown({ host, concluder }: Walk, planned: PlannedTask): void {
  const { task } = planned;
  const cause = host.maybeNotified.get(task.name) ?? '';
  const ref = { host: host.host.name, step: task.id, task: task.name, module: task.module, handler: true };
  const group: Group = { planned, loop: false, items: [] };
  const result = { status: 'unknown', message: `runs if "${cause}" changes something` } as const;
  const item = { ref, locals: {}, kind: 'done', result } as const;
  group.items.push(item);
  concluder.conclude(group, item, fromDecision(result.status, result.message), 0);
}
