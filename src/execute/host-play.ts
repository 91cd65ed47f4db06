import type { ControllerResult } from '../model/module.ts';
import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem, sentence } from '../problems/problem.ts';
import { type Group, type Item, type RenderContext, renderGroup } from '../render/render-group.ts';
import { controllerModule } from '../render/render-task.ts';
import { NotYet } from '../render/scope.ts';
import type { Barrier } from './barrier.ts';
import { type Concluder, createConcluder } from './conclude.ts';
import type { HostRun, RunContext } from './context.ts';
import { gatherFacts } from './gather-facts.ts';
import { runHandlers } from './handlers.ts';
import { hostView } from './host-view.ts';
import { failureOf } from './outcome.ts';
import { runAlone } from './run-alone.ts';
import { runGroups } from './run-groups.ts';

/** What walking a host through a play needs; passed on as one. */
export interface Walk {
  run: RunContext;
  play: PlannedPlay;
  host: HostRun;
  view: RenderContext;
  concluder: Concluder;
  barrier: Barrier;
}

/** Takes one host through a play: its tasks, then the handlers that were notified. Never throws for what went wrong on the host. */
export async function playHost(options: {
  run: RunContext;
  play: PlannedPlay;
  host: HostRun;
  barrier: Barrier;
}): Promise<void> {
  const { run, play, host, barrier } = options;
  const view = hostView(run, play, host);
  const walk: Walk = { ...options, view, concluder: createConcluder(run, host, view) };
  await run.slots.take();
  try {
    await walkTasks(walk, play.tasks, true);
    if (play.handlers.length > 0) await meet(walk);
    await runHandlers(walk, (handler) => walkTasks(walk, [handler], false));
  } catch (error) {
    // A bug of ours at one host is no reason to leave the others half done.
    unreachable(run, host, error instanceof ProblemError ? error : bug(error));
  } finally {
    run.slots.give();
    barrier.leave();
  }
}

/** Runs tasks in order, as many in one flight as can be filled in without waiting for the host. */
async function walkTasks(walk: Walk, tasks: readonly PlannedTask[], barriers: boolean): Promise<void> {
  const { run, play, host } = walk;
  let at = 0;
  let met = -1;
  while (at < tasks.length && going(walk)) {
    const task = tasks[at]!;
    if (barriers && meetsBefore(play, task) && met < at) {
      met = at;
      await meet(walk);
      continue;
    }
    if (standsAlone(task)) {
      await runAlone(walk, task);
      at += 1;
      continue;
    }
    const { groups, next, facts } = await collect(walk, tasks, at, barriers);
    if (facts) {
      await gatherFacts(run, play, host);
      continue;
    }
    await runGroups({
      run,
      host,
      on: host,
      groups,
      concluder: walk.concluder,
      become: (group, item) => becomeOf(walk, group, item, host),
    });
    host.values.pending.clear();
    at = next;
  }
}

/** Renders tasks until one needs what is not known yet, stands alone or is a barrier. `facts`: the first one asks for facts. */
async function collect(
  walk: Walk,
  tasks: readonly PlannedTask[],
  from: number,
  barriers: boolean,
): Promise<{ groups: Group[]; next: number; facts: boolean }> {
  const { host, view } = walk;
  const groups: Group[] = [];
  let next = from;
  for (; next < tasks.length; next++) {
    const task = tasks[next]!;
    if (standsAlone(task) || (next > from && barriers && meetsBefore(walk.play, task))) break;
    let group: Group;
    try {
      group = await renderGroup(task, view);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      if (groups.length === 0 && error.what === 'facts') return { groups, next, facts: true };
      break;
    }
    groups.push(group);
    takeKnown(host, group);
    if (task.failedWhen.length > 0) {
      next += 1;
      break;
    }
    const failed = group.items.some((item) => item.kind === 'done' && failedResult(item));
    if (failed && !task.task.ignoreErrors) {
      next += 1;
      break;
    }
  }
  return { groups, next, facts: false };
}

/** What is known the moment a task is rendered: set_fact's values, and that a register is still to come. */
function takeKnown(host: HostRun, group: Group): void {
  for (const item of group.items) {
    if (item.kind !== 'done' || item.result.status !== 'result') continue;
    for (const [name, value] of Object.entries(item.result.result.facts ?? {})) host.values.results.set(name, value);
  }
  const { register } = group.planned.task;
  if (register !== undefined) host.values.pending.add(register);
  for (const name of Object.keys(group.planned.module.facts ?? {})) host.values.pending.add(name);
}

function failedResult(item: Item & { kind: 'done' }): boolean {
  const { result } = item;
  return (
    result.status === 'failed' ||
    (result.status === 'result' && (result.result as ControllerResult).failed !== undefined)
  );
}

/** Tasks that wait for what they did, run elsewhere, or take time on the controller. */
function standsAlone(planned: PlannedTask): boolean {
  const controller = controllerModule(planned);
  return (
    planned.until.length > 0 ||
    planned.task.retry !== undefined ||
    planned.delegateTo !== undefined ||
    (controller !== undefined && !controller.pure)
  );
}

function meetsBefore(play: PlannedPlay, planned: PlannedTask): boolean {
  return planned.task.barrier || play.play.strategy === 'linear';
}

/** Waits for the other live hosts; a waiting host works on nothing, so its slot is free meanwhile. */
async function meet({ run, barrier }: Walk): Promise<void> {
  run.slots.give();
  await barrier.arrive();
  await run.slots.take();
}

/** Still to be given tasks? An interrupt cancels what has not begun. */
export function going({ run, host }: Walk): boolean {
  if (host.state === 'live' && run.stopping.aborted) host.state = 'cancelled';
  return host.state === 'live';
}

/** As whom an item runs on a host; undefined = as whoever is logged in. */
export function becomeOf({ view }: Walk, group: Group, item: Item, on: HostRun): string | undefined {
  const { planned } = group;
  const become = planned.become ?? on.become;
  if (!become?.enabled) return undefined;
  const rendered = planned.becomeUser?.render(view.scope(planned, item.locals)) ?? become.user;
  const user = String(rendered);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user)) {
    throw new ProblemError(
      problem('E_TASK_FAILED', { what: `become_user: "${user}" is not a user name` }, planned.task.source.locate()),
    );
  }
  return user === on.user ? undefined : user;
}

function bug(error: unknown): ProblemError {
  const where = error instanceof Error ? ` (${error.stack?.split('\n')[1]?.trim() ?? 'no place'})` : '';
  return new ProblemError(
    problem('E_BUG', { detail: `${error instanceof Error ? error.message : String(error)}${where}` }),
  );
}

/** The host cannot be worked on: told once, and it gets no more tasks. */
function unreachable(run: RunContext, host: HostRun, error: ProblemError): void {
  const fault = error.problems[0];
  if (!fault) throw error;
  host.state = 'unreachable';
  host.counts.unreachable += 1;
  for (const each of error.problems) host.exits.add(sentence(each).exit);
  const failure = failureOf(fault);
  // The event names the host already.
  const named = `${host.host.name}: `;
  if (failure.message.startsWith(named)) failure.message = failure.message.slice(named.length);
  run.emit({ type: 'host-unreachable', host: host.host.name, failure });
}
