import type { Value } from '../model/value.ts';
import { factNames } from '../plan/fact-names.ts';
import type { PlannedTask } from '../plan/planned.ts';
import type { Once, OnceWork } from './batch.ts';
import { type Cursor, idWithin, isRescued } from './cursor.ts';
import { runAlone } from './run-alone.ts';
import { going, type Walk } from './walk.ts';

/**
 * Does a task on the first host of those that have come to it together, and gives the others what it has learned; when it has failed, they
 * have failed as well.
 */
export async function runOnce(
  walk: Walk,
  { planned, cursor, together }: { planned: PlannedTask; cursor: Cursor; together: ReadonlySet<string> },
): Promise<void> {
  const { host, batch } = walk;
  const id = idWithin(planned.task.id, cursor.frame);
  const known = batch.once[planned.task.runOnce ?? 'batch'];
  const work = known.get(id) ?? announced(known, id);
  if (!work.isTaken && batch.hosts.find((name) => together.has(name)) === host.host.name) {
    work.isTaken = true;
    try {
      if (going(walk)) await runAlone(walk, planned, cursor);
    } finally {
      work.done(learned(walk, planned, cursor));
    }
    return;
  }
  // Whoever only waits works on nothing: the first one may need the slot.
  walk.host.slots.give();
  const once = await work.result;
  await walk.host.slots.take();
  if (!going(walk)) return;
  if (once.failed) {
    host.state = 'failed';
    if (!isRescued(cursor)) host.exits.add(3);
    walk.failed = { cursor, failure: { task: { name: planned.task.name }, result: null } };
    return;
  }
  const { values } = walk.viewAt(cursor.frame);
  for (const [name, value] of once.values) values.results.set(name, value);
  for (const [name, cause] of once.unknown) values.unknown.set(name, cause);
}

/** Those that are let go together find the work of the first under the id of the step, whoever of them comes first. */
function announced(known: Map<string, OnceWork>, id: string): OnceWork {
  let done: (once: Once) => void = () => undefined;
  const result = new Promise<Once>((resolve) => {
    done = resolve;
  });
  const work: OnceWork = { result, isTaken: false, done };
  known.set(id, work);
  return work;
}

function learned({ viewAt, host }: Walk, planned: PlannedTask, cursor: Cursor): Once {
  const { values } = viewAt(cursor.frame);
  const { register } = planned.task;
  const names = [...(register === undefined ? [] : [register]), ...factNames(planned)];
  const found = names.flatMap((name): [string, Value][] => {
    const value = values.results.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const unknown = names.flatMap((name): [string, string][] => {
    const cause = values.unknown.get(name);
    return cause === undefined ? [] : [[name, cause]];
  });
  return { values: found, unknown, failed: host.state !== 'live' };
}
