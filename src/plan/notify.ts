import { bodiesAround, type PlannedPlay, type PlannedTask } from './planned.ts';

/**
 * Finds the handlers that the tasks of a play notify: by name the one of the nearest role around the task, else the play's own; by topic
 * (`listen`) all of them.
 */
export function resolveNotify(play: PlannedPlay, own: readonly PlannedTask[]): void {
  for (const planned of [...play.tasks, ...play.handlers]) {
    if (planned.task.notify.length === 0) continue;
    const lists = [...[...bodiesAround(planned)].map((body) => body.handlers), own];
    planned.notifies = planned.task.notify.flatMap((name) => handlersFor(name, lists));
  }
}

function handlersFor(name: string, lists: readonly (readonly PlannedTask[])[]): PlannedTask[] {
  const named = lists.flatMap((list) => list.filter(({ task }) => task.name === name)).slice(0, 1);
  const listening = lists.flatMap((list) => list.filter(({ task }) => task.listen.includes(name)));
  return [...new Set([...named, ...listening])];
}
