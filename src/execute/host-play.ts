import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { ProblemError } from '../problems/problem.ts';
import { type Group, type Item, refOf } from '../render/render-group.ts';
import { NotYet } from '../render/scope.ts';
import { advance } from './advance.ts';
import { meetsBefore, standsAlone } from './apart.ts';
import { type Batch, stopReason, throttleOf } from './batch.ts';
import { collect } from './collect.ts';
import { createConcluder } from './conclude.ts';
import type { HostRun, RunContext } from './context.ts';
import { afterFailure, behind, type Cursor, idWithin, positionOf } from './cursor.ts';
import { gatherFacts } from './gather-facts.ts';
import { runHandlers } from './handlers.ts';
import { hostViews } from './host-view.ts';
import { afterUnreachable, bug, unreachable } from './lost-host.ts';
import { fromDecision } from './outcome.ts';
import { runAlone } from './run-alone.ts';
import { runGroups } from './run-groups.ts';
import { runOnce } from './run-once.ts';
import { becomeOf, going, type Walk } from './walk.ts';

/** Takes one host through a play: its tasks, then the handlers that were notified. Never throws for what went wrong on the host. */
export async function playHost(options: {
  run: RunContext;
  play: PlannedPlay;
  host: HostRun;
  batch: Batch;
}): Promise<void> {
  const { run, play, host, batch } = options;
  const places: Walk['places'] = new WeakMap();
  const walk: Walk = {
    ...options,
    places,
    viewAt: hostViews(run, play, host),
    concluder: createConcluder({
      run,
      host,
      placeOf: (group) => places.get(group),
      failed: (at) => (walk.failed = at),
    }),
    runFrom: (start) => walkFrom(walk, start),
  };
  await host.slots.take();
  try {
    await walkFrom(walk, { nodes: play.nodes, at: 0 });
    if (play.handlers.length > 0) await meet(walk, { nodes: play.nodes, at: play.nodes.length });
    await lastHandlers(walk);
  } catch (error) {
    // A bug of ours at one host is no reason to leave the others half done.
    unreachable(run, host, error instanceof ProblemError ? error : bug(error));
  } finally {
    host.slots.give();
    if (['failed', 'unreachable', 'unknown'].includes(host.state)) batch.failed.add(host.host.name);
    batch.meeting.leave();
  }
}

/** Handlers run on a host that is done, and where the author insists also on one that has failed. */
async function lastHandlers(walk: Walk): Promise<void> {
  const { host, play } = walk;
  const before = host.state;
  if (before === 'ended' || (before === 'failed' && play.play.forceHandlers)) host.state = 'live';
  await runHandlers(walk);
  if (host.state === 'live') host.state = before;
}

/** Runs tasks in order, as many in one flight as can be filled in without waiting for the host. */
async function walkFrom(walk: Walk, start: Cursor): Promise<void> {
  // Handlers may run in the middle of the tasks.
  const { at } = walk;
  try {
    await walkOn(walk, start);
  } finally {
    if (at) walk.at = at;
  }
}

async function walkOn(walk: Walk, start: Cursor): Promise<void> {
  const { host } = walk;
  let cursor: Cursor | undefined = start;
  let met: Cursor | undefined;
  while (cursor && going(walk)) {
    const at: Cursor = cursor;
    try {
      const step: Stepped = await stepFrom(walk, at, met);
      met = step.met;
      cursor = step.next;
    } catch (error) {
      if (!(error instanceof ProblemError) || host.state !== 'live') throw error;
      cursor = afterUnreachable(walk, walk.at ?? at, error);
    }
    const { failed } = walk;
    if (!failed) continue;
    delete walk.failed;
    if (host.state !== 'failed') continue;
    cursor = afterFailure(failed.cursor, failed.failure);
    if (cursor) host.state = 'live';
  }
}

interface Stepped {
  next: Cursor | undefined;
  /** The place at which the host has met the others and which is not done yet. */
  met?: Cursor;
}

/** Does what stands next: a flight of tasks, or one that stands alone. */
async function stepFrom(walk: Walk, from: Cursor, met: Cursor | undefined): Promise<Stepped> {
  const { run, play, host } = walk;
  let next: ReturnType<typeof advance>;
  try {
    next = advance(walk, from, false);
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    await gatherFacts(run, play, host);
    return { next: from, ...(met && { met }) };
  }
  if (next.kind === 'end') return { next: undefined };
  if (next.kind === 'failed') {
    host.state = 'failed';
    walk.failed = { cursor: next.cursor, failure: next.failure };
    return { next: undefined };
  }
  if (next.kind === 'task') {
    const { planned, cursor } = next;
    if (run.chosen && !(await run.chosen(planned.task))) {
      leaveOut(walk, { planned, cursor });
      return { next: behind(cursor) };
    }
    if (meetsBefore(play, planned) && !isSame(met, cursor)) {
      await meet(walk, cursor);
      return { next: cursor, met: cursor };
    }
    if (planned.task.runOnce) {
      await runOnce(walk, { planned, cursor, together: await meet(walk, cursor) });
      return { next: behind(cursor) };
    }
    if (standsAlone(planned)) {
      await throttled(walk, { planned, cursor });
      return { next: behind(cursor) };
    }
  }
  const flight = await collect(
    walk,
    from,
    (planned) => run.chosen !== undefined || standsAlone(planned) || meetsBefore(play, planned),
  );
  if (flight.facts) {
    await gatherFacts(run, play, host);
    return { next: from, ...(met && { met }) };
  }
  if (flight.alone) {
    await runAlone(walk, flight.alone.planned, flight.alone.cursor);
    return { next: behind(flight.alone.cursor) };
  }
  await fly(walk, flight.groups);
  for (const { view } of flight.groups) view.values.pending.clear();
  return { next: flight.next };
}

/** Tells of a task that `--step` was told not to run. */
function leaveOut(
  { host, concluder, viewAt, places }: Walk,
  { planned, cursor }: { planned: PlannedTask; cursor: Cursor },
): void {
  const view = viewAt(cursor.frame);
  const result = { status: 'skipped', message: 'left out by --step' } as const;
  const ref = refOf(planned, view, view.scope(planned, {}), undefined);
  const item = { ref, locals: {}, kind: 'done', result } as const;
  const group: Group = { planned, view, loop: false, items: [item] };
  places.set(group, cursor);
  if (host.state === 'live') concluder.conclude(group, item, fromDecision(result.status, result.message), 0);
}

async function fly(walk: Walk, groups: readonly Group[]): Promise<void> {
  const { run, host, concluder, places } = walk;
  try {
    const become = (group: Group, item: Item): string | undefined => becomeOf(group, item, host);
    await runGroups({ run, host, on: host, groups, concluder, become });
  } catch (error) {
    const open = groups.find((group) => !concluder.isConcluded(group));
    const at = open && places.get(open);
    if (at) walk.at = at;
    throw error;
  }
}

async function throttled(walk: Walk, { planned, cursor }: { planned: PlannedTask; cursor: Cursor }): Promise<void> {
  const most = planned.task.throttle;
  if (most === undefined) return runAlone(walk, planned, cursor);
  const slots = throttleOf(walk.batch, idWithin(planned.task.id, cursor.frame), most);
  await slots.take();
  try {
    if (going(walk)) await runAlone(walk, planned, cursor);
  } finally {
    slots.give();
  }
}

/** Waits for the other live hosts; a waiting host works on nothing, so its slot is free meanwhile. What they meet may be that the play is over. */
async function meet(walk: Walk, cursor: Cursor): Promise<ReadonlySet<string>> {
  const { host, play, batch } = walk;
  host.slots.give();
  const together = await batch.meeting.arrive(host.host.name, positionOf(cursor));
  await host.slots.take();
  if (host.state === 'live' && stopReason(play, batch) !== undefined) host.state = 'cancelled';
  return together;
}

function isSame(one: Cursor | undefined, other: Cursor): boolean {
  return one !== undefined && one.at === other.at && one.nodes === other.nodes && one.frame === other.frame;
}
