import { type Problem, ProblemError, problem, sentence } from '../problems/problem.ts';
import type { Settled } from '../program/settle.ts';
import type { Group, Item } from '../render/render-group.ts';
import type { Concluder } from './conclude.ts';
import type { HostRun, RunContext } from './context.ts';
import { failureOf, fromDecision, fromReport, type ItemResult } from './outcome.ts';
import type { Unreported } from './segment.ts';

/** An item whose report never came. */
export interface LostItem extends Unreported {
  group: Group;
  item: Item & { kind: 'step' };
}

/** What there is to conclude from. */
export interface Loss {
  run: RunContext;
  host: HostRun;
  /** Where the steps ran. */
  on: HostRun;
  /** In the order in which they were sent. */
  lost: readonly LostItem[];
  /** Why the connection is gone. */
  reason: string;
  concluder: Concluder;
  /** Called before an item is concluded. */
  mark(index: number): void;
}

/**
 * Connects again, asks the host what became of the steps whose reports never came, and concludes those that cannot simply be done
 * (again). Returns the index to go on from; undefined: after all that was sent, if the host still gets tasks.
 * Throws ProblemError when nothing was under way and the host cannot be reached any more.
 */
export async function concludeLost(loss: Loss): Promise<number | undefined> {
  const { run, host, on, lost } = loss;
  const settled = run.stopping.aborted
    ? new ProblemError(problem('E_CONNECT_CANCELLED', { host: on.host.name }))
    : await settle(on, lost);
  if (settled instanceof ProblemError) {
    if (lost.length === 0) throw settled;
    for (const each of lost) concludeUnknown(loss, each, unreachable(loss, each, settled));
    return undefined;
  }
  for (const [i, each] of lost.entries()) {
    const fate = settled.get(each.index) ?? 'not-started';
    if (fate === 'restarted') {
      const rest = lost.slice(i);
      if (rest.every(isProbed)) return each.index;
      for (const one of rest) concludeUnknown(loss, one, lostBecause(loss, one, 'it has been restarted since'));
      return undefined;
    }
    // What has a probe is simply probed again, unless it is still at work.
    if (fate === 'not-started' || (fate === 'gone' && isProbed(each))) return each.index;
    if (typeof fate === 'object') {
      concludeEnded(loss, each, fate.rc);
      if (host.state !== 'live') return undefined;
      continue;
    }
    concludeUnknown(loss, each, problem('E_LOST', { host: on.host.name, reason: loss.reason, fate }, placeOf(each)));
    return undefined;
  }
  return undefined;
}

function isProbed({ item }: LostItem): boolean {
  return item.resource.kind !== 'action' || item.resource.reads === true;
}

async function settle(on: HostRun, lost: readonly LostItem[]): Promise<Map<number, Settled> | ProblemError> {
  try {
    return await on.link.settle(lost);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** The host has written down how it ended; of its output there is what came before the connection went. */
function concludeEnded(loss: Loss, each: LostItem, rc: number): void {
  const { run, on, reason, concluder, mark } = loss;
  const { group, item, stdout, stderr } = each;
  const isFailure = rc !== 0 && group.planned.failedWhen.length === 0 && !group.planned.task.ignoreErrors;
  const isJudged = item.resource.kind === 'action' && item.resource.judge !== undefined;
  if ((isJudged || needsOutput(group)) && !isFailure) {
    const facts = { host: on.host.name, reason, fate: 'ended', rc } as const;
    concludeUnknown(loss, each, problem('E_LOST', facts, placeOf(each)));
    return;
  }
  const result = fromReport(
    item,
    { status: rc === 0 ? 'changed' : 'failed', rc, stdout, stderr, ms: 0 },
    { check: run.check, causes: new Set() },
  );
  const remark = `the connection was lost while it ran (${reason}), so its output may not be complete`;
  const { failure } = result.detail;
  if (failure) failure.message += `; ${remark}`;
  else result.detail.message = remark;
  mark(each.index);
  concluder.conclude(group, item, result, 0);
}

/** Half an output must not be taken for the whole by those who decide on it. */
function needsOutput({ planned }: Group): boolean {
  const { task, until, changedWhen, failedWhen } = planned;
  return (
    task.register !== undefined || task.parse !== undefined || until.length + changedWhen.length + failedWhen.length > 0
  );
}

function concludeUnknown({ host, concluder, mark }: Loss, each: LostItem, fault: Problem): void {
  const { index, group, item, stdout, stderr } = each;
  const output = { stdout: stdout.bytes().toString('utf8'), stderr: stderr.bytes().toString('utf8') };
  const unknown: ItemResult = {
    ...fromDecision('unknown', ''),
    detail: { ...(each.began && output), failure: failureOf(fault) },
    problem: fault,
  };
  mark(index);
  concluder.conclude(group, item, unknown, 0);
  host.state = 'unknown';
  host.exits.add(5);
}

function unreachable(loss: Loss, each: LostItem, error: ProblemError): Problem {
  const host = loss.on.host.name;
  const [first] = error.problems;
  const said = first ? sentence(first).message : error.message;
  const why = said.startsWith(`${host}: `) ? said.slice(host.length + 2) : said;
  return lostBecause(loss, each, why);
}

function lostBecause({ on, reason }: Loss, each: LostItem, why: string): Problem {
  const facts = { host: on.host.name, reason, fate: each.began ? 'unasked' : 'unbegun', why } as const;
  return problem('E_LOST', facts, placeOf(each));
}

function placeOf({ group }: LostItem): Problem['at'] {
  return group.planned.task.source.locate();
}
