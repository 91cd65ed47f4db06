import { ProblemError, problem } from '../problems/problem.ts';
import { runsInCheck } from '../program/compile.ts';
import type { Group, Item } from '../render/render-group.ts';
import type { Concluder } from './conclude.ts';
import { concludeLost, type LostItem } from './conclude-lost.ts';
import type { HostRun, RunContext } from './context.ts';
import { fromController, fromDecision, fromError, fromReport, type ItemResult } from './outcome.ts';
import { withData } from './parse-output.ts';
import { runAs, type SegmentHooks, type SegmentStep } from './segment.ts';

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
      const result = decided(run, group, item);
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
        if (!entry || entry.group.planned.noLog || !showsOutput(entry.item, stream)) return;
        run.emit({ type: 'step-output', host: host.host.name, step: entry.item.ref.step, stream, data });
      },
      ended(i, report) {
        const { group, item, place } = sent[base + i]!;
        // In check mode the host goes on behind a failure, which may turn out to be none.
        if (run.check && host.state === 'failed') return;
        concludeUpTo(place);
        next = place + 1;
        reported = base + i;
        const raw = fromReport(item, report, {
          check: run.check,
          causes: host.causes,
          guard: steps[base + i]?.guard,
          ...(group.planned.task.timeout !== undefined && { timeout: group.planned.task.timeout }),
        });
        const { task } = group.planned;
        const result = withData(raw, task.parse, task.source.locate(['parse']));
        concluder.conclude(group, item, uncertain.has(base + i) ? maybeChanged(result) : result, report.ms);
      },
    };
    const end = await on.link.run(steps.slice(base), hooks);
    if (end.kind !== 'lost' || host.state !== 'live') break;
    run.emit({ type: 'note', host: on.host.name, message: `connection lost: ${end.reason}` });
    if (run.stopping.aborted && end.unreported.length === 0) break;
    const lost = end.unreported.map((each): LostItem => {
      const index = base + each.index;
      const { group, item } = sent[index]!;
      return { ...each, index, group, item };
    });
    const before = reported;
    const onward = await concludeLost({
      run,
      host,
      on,
      lost,
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
    !runsInCheck(resource) &&
    !resource.guard
  );
}

function decided(run: RunContext, group: Group, item: Item): ItemResult | undefined {
  if (item.kind === 'step')
    return decidedInCheck(run, group, item) ? fromDecision('unknown', 'runs only outside check mode') : undefined;
  if (item.kind !== 'done') return undefined;
  const { result } = item;
  switch (result.status) {
    case 'failed':
      return fromError(result.error);
    case 'result':
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
  const guard = run.binding?.guard(group.view.host, item);
  const last = group.items.findLast((other) => other.kind === 'step') === item;
  return {
    runnable: item.resource,
    ...runAs(user, on),
    ignoreErrors:
      task.ignoreErrors || failedWhen.length > 0 || task.until.length > 0 || (run.check && mayBeUnmade(item, user)),
    ...(group.loop && { loop: last ? 'last' : 'item' }),
    ...(task.timeout !== undefined && { timeout: task.timeout }),
    ...(guard && { guard }),
    check: run.check && task.checkMode !== false,
  };
}

/** A module's own readings are not the author's output, and neither is an answer that is meant for us. */
function showsOutput(item: Item & { kind: 'step' }, stream: 'stdout' | 'stderr'): boolean {
  const { resource } = item;
  if (resource.kind === 'action' && resource.judge) return stream === 'stderr';
  return !isReading(item);
}

/** What it fails for may be what an earlier task would have made (see `fromReport`). */
function mayBeUnmade(item: Item & { kind: 'step' }, user: string | undefined): boolean {
  return user !== undefined || item.resource.kind === 'edit' || isReading(item);
}

function isReading({ resource }: Item & { kind: 'step' }): boolean {
  return resource.kind === 'action' && resource.reads === true && 'sh' in resource.run;
}
