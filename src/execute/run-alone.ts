import { isMissing } from '../expr/missing.ts';
import { omitted } from '../functions/omitted.ts';
import { join } from '../inventory/join.ts';
import type { Joining, Visit } from '../model/module.ts';
import type { PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { type Group, type Item, renderGroup } from '../render/render-group.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import { similar } from '../util/similar.ts';
import type { Concluder } from './conclude.ts';
import { connectionDefaults } from './connections.ts';
import type { EventBody, HostRun } from './context.ts';
import type { Cursor } from './cursor.ts';
import { gatherFacts } from './gather-facts.ts';
import { learnFacts } from './learn-facts.ts';
import type { Link } from './link.ts';
import { cannotBeTold, failureOf, fromController, fromDecision, fromError, type ItemResult } from './outcome.ts';
import { refuseUnplanned } from './refuse-unplanned.ts';
import { isRefused } from './refused.ts';
import { runGroups } from './run-groups.ts';
import { runParallel } from './run-parallel.ts';
import { steer } from './steer.ts';
import { visitOf } from './visit.ts';
import { becomeOf, type Walk } from './walk.ts';

/** Runs a task by itself: one that is tried again, runs on another host, or does its work on the controller. Items one after another. */
export async function runAlone(walk: Walk, planned: PlannedTask, cursor: Cursor): Promise<void> {
  const { run, host, concluder, places } = walk;
  const group = await renderKnown(walk, planned, cursor);
  places.set(group, cursor);
  learnFacts(group);
  refuseUnplanned(run, group);
  const { parallel = 1 } = planned.task.loopControl;
  if (parallel > 1 && !run.check) return runParallel(walk, { group, cursor, most: parallel });
  for (const [index, item] of group.items.entries()) {
    // Concluded before its last item: a failure has ended the loop.
    if (host.state !== 'live' || run.stopping.aborted || concluder.isConcluded(group)) return;
    const { pause } = planned.task.loopControl;
    if (index > 0 && pause !== undefined && !run.check) await run.sleep(pause);
    if (item.kind === 'done' || (run.check && item.kind === 'step')) {
      // What is decided already needs no host, and it may be just the other host that is not known.
      await through(walk, group, item, item.kind === 'done' ? host : on(walk, group, item), concluder);
      continue;
    }
    const done = await workItem(walk, { group, item, index, cursor });
    concluder.conclude(group, item, done.result, done.ms, done.attempts);
    await concluder.settled();
  }
}

/** One item of a task, with its place among the others. */
export interface WorkItem {
  group: Group;
  item: Item;
  index: number;
  cursor: Cursor;
  /** The way to the host that it runs on, when it is not the usual one. */
  linkTo?(target: HostRun): Link;
}

/** How the work on an item has ended, and how often it was tried. */
export interface WorkDone {
  result: ItemResult;
  ms: number;
  attempts: number;
}

/** Does the work of one item, again as often as the task says, without concluding it. */
export async function workItem(walk: Walk, { group, item, index, cursor, linkTo }: WorkItem): Promise<WorkDone> {
  const { run, host } = walk;
  const { planned } = group;
  const most =
    run.check || item.kind === 'done' ? 1 : (planned.task.retry?.attempts ?? (planned.until.length > 0 ? 3 : 1));
  const from = run.now();
  let wait = planned.task.retry?.delay ?? 1_000;
  for (let attempt = 1; ; attempt++) {
    const again = attempt === 1 ? item : ((await renderKnown(walk, planned, cursor)).items[index] ?? item);
    const target = on(walk, group, again);
    if (target instanceof ProblemError) return { result: fromError(target), ms: 0, attempts: attempt };
    const result = await attemptOnce(walk, group, again, linkTo ? { ...target, link: linkTo(target) } : target);
    const verdict = item.kind === 'done' || isRefused(result) || met(group, item, result);
    if (verdict === true || attempt >= most || host.state !== 'live' || run.stopping.aborted) {
      const ended = item.kind === 'done' || isRefused(result) ? result : finalResult(planned, result, verdict, attempt);
      return { result: ended, ms: run.now() - from, attempts: attempt };
    }
    run.emit({ type: 'step-retry', host: host.host.name, step: item.ref.step, attempt, of: most, delay: wait });
    await run.sleep(wait);
    wait = Math.min(wait * (planned.task.retry?.backoff ?? 1), planned.task.retry?.maxDelay ?? wait * 10);
  }
}

/** Does the work of one item and gives its result without concluding it. */
async function attemptOnce(walk: Walk, group: Group, item: Item, target: HostRun): Promise<ItemResult> {
  let result: ItemResult | undefined;
  const keep: Concluder = {
    settled: () => Promise.resolve(),
    isConcluded: () => result !== undefined,
    conclude(_, __, done) {
      result = done;
    },
  };
  await through(walk, { ...group, items: [item] }, item, target, keep);
  return result ?? { status: 'cancelled', fields: {}, detail: {} };
}

async function through(
  walk: Walk,
  group: Group,
  item: Item,
  target: HostRun | ProblemError,
  concluder: Concluder,
): Promise<void> {
  const { run, host } = walk;
  if (target instanceof ProblemError) return concluder.conclude(group, item, fromError(target), 0);
  if (item.kind === 'controller') {
    run.emit({ type: 'step-start', ...item.ref });
    const from = run.now();
    concluder.conclude(group, item, await byController(walk, group, { item, target }), run.now() - from);
    return;
  }
  await runGroups({
    run,
    host,
    on: target,
    groups: [{ ...group, items: [item] }],
    concluder: {
      ...concluder,
      conclude: (_, each, result, ms) => concluder.conclude(group, each, result, ms),
    },
    become: (of, each) => becomeOf(of, each, target),
  });
}

async function byController(
  walk: Walk,
  group: Group,
  { item, target }: { item: Item & { kind: 'controller' }; target: HostRun },
): Promise<ItemResult> {
  const { planned, view } = group;
  const scope = view.scope(planned, item.locals);
  const visit: Visit = (...asked) =>
    visitOf({ run: walk.run, on: target, group, item, user: becomeOf(group, item, target) })(...asked);
  try {
    const result = await item.work({
      ...view.controllerContext(planned, item.rendered, scope),
      visit,
      kept: walk.host.kept,
      isFromHosts: (param) => view.isFromHosts(planned, item.locals, param),
      progress: (line) => walk.run.emit(said(item, planned.noLog ? 'working' : line)),
    });
    if (result.joins) grow(walk, result.joins);
    if (result.steer && !walk.run.check) await steer(walk, result.steer);
    const { causes } = walk.host;
    if (result.mayBeEarly && result.failed !== undefined && causes.size > 0)
      return fromDecision('unknown', cannotBeTold(causes));
    return fromController(result, walk.run.check && planned.task.checkMode !== false);
  } catch (error) {
    if (error instanceof ProblemError) return fromError(error);
    // It may ask for results of other hosts while it works.
    if (error instanceof NotKnown) return fromDecision('unknown', error.message);
    throw error;
  }
}

function said({ ref }: Item, line: string): EventBody {
  return { type: 'step-output', host: ref.host, step: ref.step, stream: 'stdout', data: Buffer.from(`${line}\n`) };
}

/** Adds to the inventory. Throws ProblemError when the new host could not be reached as it is described. */
function grow({ run, play }: Walk, joining: Joining): void {
  join(run.inventory, joining);
  run.hostRun(joining.host, connectionDefaults(play.play));
}

/** The host a task runs on: its own, or the one it is delegated to. Never falls back to another one in silence. */
function on({ run, play, host }: Walk, { planned, view }: Group, item: Item): HostRun | ProblemError {
  if (!planned.delegateTo) return host;
  try {
    const value = planned.delegateTo.render(view.scope(planned, item.locals));
    if (value === omitted) return host;
    const name = String(value);
    if (run.inventory.hosts.has(name) || name === 'localhost') return run.hostRun(name, connectionDefaults(play.play));
    const near = similar(name, run.inventory.hosts.keys());
    return new ProblemError(
      problem('E_DELEGATE_UNKNOWN', { host: name, similar: near }, planned.task.source.locate(['delegate_to'])),
    );
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** Whether `until` holds. A key that is missing on the way is "not yet"; without `until` a failure is tried again. */
function met({ planned, view }: Group, item: Item, result: ItemResult): boolean | ProblemError {
  if (planned.until.length === 0) return result.status !== 'failed';
  const name = planned.task.register;
  const locals = { ...item.locals, result: result.fields, ...(name !== undefined && { [name]: result.fields }) };
  try {
    return planned.until.every((condition) => condition.holds(view.scope(planned, locals)));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return isMissing(error) ? false : error;
  }
}

function finalResult(
  planned: PlannedTask,
  result: ItemResult,
  verdict: boolean | ProblemError,
  attempts: number,
): ItemResult {
  if (verdict instanceof ProblemError) return { ...fromError(verdict), fields: { ...result.fields, failed: true } };
  if (planned.until.length === 0 || result.status === 'cancelled' || result.status === 'unknown') return result;
  const fields = { ...result.fields, attempts };
  if (verdict && result.status === 'failed' && planned.module.failsForGood) return { ...result, fields };
  if (verdict) {
    const { failure: _, ...detail } = result.detail;
    const { problem: __, ...rest } = result;
    const status = result.status === 'failed' ? 'ok' : result.status;
    return { ...rest, status, fields: { ...fields, failed: false }, detail };
  }
  const condition = planned.until.map((each) => each.text).join(' && ');
  const last = result.detail.failure?.message ?? '';
  const fault = problem('E_UNTIL', { attempts, condition, last }, planned.task.source.locate(['until']));
  return {
    ...result,
    status: 'failed',
    fields: { ...fields, failed: true },
    detail: { ...result.detail, failure: failureOf(fault) },
    problem: fault,
  };
}

async function renderKnown(walk: Walk, planned: PlannedTask, { frame }: Cursor): Promise<Group> {
  const view = walk.viewAt(frame);
  try {
    return await renderGroup(planned, view);
  } catch (error) {
    if (!(error instanceof NotYet) || error.what !== 'facts') throw error;
    await gatherFacts(walk.run, walk.play, walk.host);
    return renderGroup(planned, view);
  }
}
