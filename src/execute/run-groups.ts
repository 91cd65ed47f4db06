import { ProblemError, problem, sentence } from '../problems/problem.ts';
import type { Settled } from '../program/settle.ts';
import type { Group, Item } from '../render/render-group.ts';
import { createCapture } from './capture.ts';
import type { Concluder } from './conclude.ts';
import type { HostRun, RunContext } from './context.ts';
import { failureOf, fromController, fromDecision, fromError, fromReport, type ItemResult } from './outcome.ts';
import type { SegmentHooks, SegmentStep, StepReport } from './segment.ts';

/** An item that goes to the host, with its place among all items of the segment. */
interface Sent {
  group: Group;
  item: Item & { kind: 'step' };
  place: number;
}

/**
 * Runs what was rendered for one host: sends the steps in one segment, concludes everything in order.
 * `become` says as whom a step runs. Returns when all is concluded; the host's state says how it went.
 */
export async function runGroups(options: {
  run: RunContext;
  host: HostRun;
  /** Where the steps run: the host itself, or the one delegated to. */
  on: HostRun;
  groups: readonly Group[];
  concluder: Concluder;
  become(group: Group, item: Item): string | undefined;
}): Promise<void> {
  const { run, host, on, groups, concluder } = options;
  const items = groups.flatMap((group) => group.items.map((item) => ({ group, item })));
  const sent: Sent[] = [];
  items.forEach(({ group, item }, place) => {
    if (item.kind === 'step' && !decidedInCheck(run, group, item)) sent.push({ group, item, place });
  });
  let next = 0;
  let reported = -1;

  /** Concludes everything that needs no host, up to the place of the next step that does. */
  const concludeUpTo = (place: number): void => {
    for (; next < place; next++) {
      const { group, item } = items[next]!;
      if (host.state !== 'live') continue;
      const result = decided(run, host, group, item);
      if (result) concluder.conclude(group, item, result, 0);
    }
  };

  const steps = sent.map(({ group, item }) => segmentStep(run, on, group, item, options.become(group, item)));
  let from = 0;
  let uncertain = new Set<number>();
  let fruitless = 0;
  while (from < steps.length && host.state === 'live') {
    const base = from;
    concludeUpTo(sent[base]!.place);
    if (host.state !== 'live') break;
    const hooks: SegmentHooks = {
      async intent(indexes) {
        run.emit({ type: 'intent', host: on.host.name, steps: indexes.map((i) => sent[base + i]!.item.ref.step) });
        await run.durable();
      },
      began: (i) => run.emit({ type: 'step-start', ...sent[base + i]!.item.ref }),
      output(i, stream, data) {
        const entry = i === undefined ? undefined : sent[base + i];
        if (!entry || !showsOutput(entry.item)) return;
        run.emit({ type: 'step-output', host: host.host.name, step: entry.item.ref.step, stream, data });
      },
      ended(i, report) {
        const { group, item, place } = sent[base + i]!;
        concludeUpTo(place);
        next = place + 1;
        reported = base + i;
        const result = fromReport(item, report, {
          check: run.check,
          causes: host.causes,
          ...(group.planned.task.timeout !== undefined && { timeout: group.planned.task.timeout }),
        });
        concluder.conclude(group, item, uncertain.has(base + i) ? maybeChanged(result) : result, report.ms);
      },
    };
    const end = await on.link.run(steps.slice(base), hooks);
    if (end.kind !== 'lost' || host.state !== 'live') break;
    const lost = end.unreported.map(({ index, id }) => ({ index: base + index, id }));
    run.emit({ type: 'note', host: on.host.name, message: `connection lost: ${end.reason}` });
    if (run.stopping.aborted && lost.length === 0) break;
    const settled = run.stopping.aborted ? cancelled(on.host.name) : await settle(on, lost);
    // Nothing was under way: the host is simply not there any more.
    if (settled instanceof ProblemError && lost.length === 0) throw settled;
    const before = reported;
    const onward = concludeLost({
      run,
      host,
      on,
      sent,
      lost,
      settled,
      reason: end.reason,
      concluder,
      mark: (i) => {
        concludeUpTo(sent[i]!.place);
        next = sent[i]!.place + 1;
        reported = i;
      },
    });
    from = onward ?? base + end.unsent;
    uncertain = new Set(lost.map(({ index }) => index).filter((index) => index >= from));
    fruitless = reported === before && from === base ? fruitless + 1 : 0;
    if (fruitless === mostFruitless) {
      throw new ProblemError(
        problem('E_CONNECTION_LOST', { host: on.host.name, reason: `${end.reason} (${mostFruitless} times in a row)` }),
      );
    }
  }
  if (host.state === 'live') concludeUpTo(items.length);
  await concluder.settled();
}

/** A connection that is lost so often before anything came of it is given up. */
const mostFruitless = 3;

async function settle(
  on: HostRun,
  lost: readonly { index: number; id: number }[],
): Promise<Map<number, Settled> | ProblemError> {
  try {
    return await on.link.settle(lost);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

function cancelled(host: string): ProblemError {
  return new ProblemError(problem('E_CONNECT_CANCELLED', { host }));
}

/**
 * What became of the steps that a lost connection left without a report. Returns where to go on; undefined: after all that was sent,
 * if the host still gets tasks.
 */
function concludeLost(options: {
  run: RunContext;
  host: HostRun;
  on: HostRun;
  sent: readonly Sent[];
  lost: readonly { index: number; id: number }[];
  settled: Map<number, Settled> | ProblemError;
  reason: string;
  concluder: Concluder;
  mark(index: number): void;
}): number | undefined {
  const { run, host, on, sent, lost, settled, reason, concluder, mark } = options;
  for (const { index } of lost) {
    const { group, item } = sent[index]!;
    const fate = settled instanceof ProblemError ? settled : (settled.get(index) ?? 'not-started');
    // What has a probe is simply probed again, unless it is still at work.
    const isProbed = item.resource.kind !== 'action' || item.resource.reads;
    if (fate === 'not-started' || (fate === 'gone' && isProbed)) return index;
    mark(index);
    if (!(fate instanceof ProblemError) && typeof fate === 'object') {
      const report: StepReport = {
        status: fate.rc === 0 ? 'changed' : 'failed',
        rc: fate.rc,
        stdout: createCapture(),
        stderr: createCapture(),
        ms: 0,
      };
      const result = fromReport(item, report, { check: run.check, causes: [] });
      result.detail.message = `the connection was lost while it ran (${reason}); the host has recorded its status, not its output`;
      concluder.conclude(group, item, result, 0);
      if (host.state !== 'live') return undefined;
      continue;
    }
    const facts = { host: on.host.name, reason };
    const fault = problem(
      'E_LOST',
      fate instanceof ProblemError ? { ...facts, fate: 'unreachable', why: whyOf(fate) } : { ...facts, fate },
      group.planned.task.source.locate(),
    );
    const unknown = fromDecision('unknown', '');
    concluder.conclude(group, item, { ...unknown, detail: { failure: failureOf(fault) }, problem: fault }, 0);
    host.state = 'unknown';
    host.exits.add(5);
    if (!(fate instanceof ProblemError)) return undefined;
  }
  return undefined;
}

function whyOf(error: ProblemError): string {
  const [first] = error.problems;
  return first ? sentence(first).message : error.message;
}

/** A step that was under way when the connection went and is as asked now may have been what made it so. */
function maybeChanged(result: ItemResult): ItemResult {
  if (result.status !== 'ok') return result;
  return {
    ...result,
    status: 'changed',
    fields: { ...result.fields, changed: true },
    detail: {
      ...result.detail,
      message: 'as asked after a lost connection, perhaps through the attempt that was cut off',
    },
  };
}

/** Check mode needs no host for author code without a guard: it does not run. */
function decidedInCheck(run: RunContext, group: Group, item: Item & { kind: 'step' }): boolean {
  const { resource } = item;
  return (
    run.check &&
    group.planned.task.checkMode !== false &&
    resource.kind === 'action' &&
    !resource.reads &&
    !resource.guard
  );
}

function decided(run: RunContext, host: HostRun, group: Group, item: Item): ItemResult | undefined {
  if (item.kind === 'step')
    return decidedInCheck(run, group, item) ? fromDecision('unknown', 'runs only outside check mode') : undefined;
  if (item.kind !== 'done') return undefined;
  const { result } = item;
  switch (result.status) {
    case 'failed':
      return fromError(result.error);
    case 'result':
      for (const [name, value] of Object.entries(result.result.facts ?? {})) {
        run.emit({ type: 'register', host: host.host.name, name, value, kind: 'set_fact' });
      }
      return fromController(result.result);
    default:
      return fromDecision(result.status, result.message);
  }
}

function segmentStep(
  run: RunContext,
  on: HostRun,
  group: Group,
  item: Item & { kind: 'step' },
  user: string | undefined,
): SegmentStep {
  const { task, failedWhen } = group.planned;
  const last = group.items.findLast((other) => other.kind === 'step') === item;
  return {
    runnable: item.resource,
    ...(user !== undefined && { user }),
    ...(user !== undefined && on.becomePassword !== undefined && { becomePassword: on.becomePassword }),
    ignoreErrors: task.ignoreErrors || failedWhen.length > 0 || task.until.length > 0,
    ...(group.loop && { loop: last ? 'last' : 'item' }),
    ...(task.timeout !== undefined && { timeout: task.timeout }),
    check: run.check && task.checkMode !== false,
  };
}

/** A module's own readings are not the author's output. */
function showsOutput(item: Item & { kind: 'step' }): boolean {
  return !(item.resource.kind === 'action' && item.resource.reads && 'sh' in item.resource.run);
}
