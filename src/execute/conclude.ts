import type { Status } from '../model/event.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, ProblemError, problem, sentence } from '../problems/problem.ts';
import { loopNames } from '../render/loop-names.ts';
import type { Group, Item, RenderContext } from '../render/render-group.ts';
import { NotKnown } from '../render/scope.ts';
import { newSide, withheldDiff } from '../secrets/withheld-diff.ts';
import { unifiedDiff } from '../util/unified-diff.ts';
import type { HostRun, RunContext } from './context.ts';
import { type Cursor, framesOf, idWithin, isRescued } from './cursor.ts';
import { keepFacts } from './learn-facts.ts';
import { HIDDEN, withoutWords } from './no-log.ts';
import { commonFields, failureOf, fromError, type ItemResult } from './outcome.ts';
import { isRefused } from './refused.ts';

/** Takes the results of a host's items in order: judges them, tells about them, keeps registers and notifications. */
export interface Concluder {
  /** Resolves when everything concluded so far has been told. */
  settled(): Promise<void>;
  conclude(group: Group, item: Item, result: ItemResult, ms: number, attempts?: number): void;
  /** Whether the results of all items are there. */
  isConcluded(group: Group): boolean;
}

/** What concluding for one host in one play needs. */
export interface ConcluderOptions {
  run: RunContext;
  host: HostRun;
  /** Where a task stands that was rendered. */
  placeOf(group: Group): Cursor | undefined;
  /** Called when a task has failed, and nothing says to go on. */
  failed(at: { cursor: Cursor; failure: Fields }): void;
}

/** One concluder serves one host in one play. */
export function createConcluder({ run, host, placeOf, failed }: ConcluderOptions): Concluder {
  const collected = new Map<Group, ItemResult[]>();
  const concluded = new WeakSet<Group>();
  let chain: Promise<void> = Promise.resolve();

  const isMadeGood = (group: Group): boolean => {
    const cursor = placeOf(group);
    return cursor !== undefined && isRescued(cursor);
  };

  const tell = async (group: Group, item: Item, result: ItemResult, ms: number, attempts?: number): Promise<void> => {
    const { task } = group.planned;
    const detail = group.planned.noLog ? withoutWords(result.detail) : result.detail;
    const diff = run.diff && !group.planned.noLog ? await shownDiff(result) : undefined;
    delete detail.diff;
    if (diff !== undefined) detail.diff = diff;
    if (isRefused(result)) delete detail.ignored;
    else if (result.status === 'failed' && task.ignoreErrors) detail.ignored = true;
    else if (result.status === 'failed' && isMadeGood(group)) detail.rescued = true;
    if (attempts !== undefined && attempts > 1) detail.attempts = attempts;
    const at = task.source.locate();
    run.emit({
      type: 'step-end',
      status: result.status,
      ms,
      ...item.ref,
      ...detail,
      source: place(run, at.file, at.start),
    });
  };

  /** Where the new text holds a secret, neither side is shown: what was there before is probably one that nobody knows. */
  const shownDiff = async ({ texts, detail: { diff } }: ItemResult): Promise<string | undefined> => {
    if (texts) {
      const whole = await unifiedDiff(texts);
      return run.secrets.holds(texts.after) ? withheldDiff(whole) : whole;
    }
    return diff !== undefined && run.secrets.holds(newSide(diff)) ? withheldDiff(diff) : diff;
  };

  const count = (group: Group, item: Item, result: ItemResult): void => {
    const { task } = group.planned;
    const isHarmless = result.status === 'failed' && !isRefused(result) && (task.ignoreErrors || isMadeGood(group));
    host.counts[isHarmless ? 'ok' : result.status] += 1;
    if (result.status === 'failed' && !isHarmless) host.exits.add(result.problem ? runTimeExit(result.problem) : 3);
    if (result.status === 'unknown' && !run.check) {
      host.state = 'unknown';
      host.exits.add(5);
    }
    if (result.status === 'cancelled') host.state = 'cancelled';
    if (run.check && (result.status === 'would-change' || result.status === 'unknown')) host.causes.add(item.ref.task);
    notify(group, result);
  };

  const notify = (group: Group, { status }: ItemResult): void => {
    const { notifies, task } = group.planned;
    const frames = framesOf(placeOf(group)?.frame);
    if (status === 'changed' || status === 'would-change') for (const { tally } of frames) tally.changed = true;
    const maybe = run.check && status === 'unknown';
    if (notifies.length === 0 || !(maybe || status === 'changed' || status === 'would-change')) return;
    const before = host.notified.size;
    for (const handler of notifies) {
      const frame = frames.findLast(({ body }) => body === handler.within);
      const key = idWithin(handler.task.id, frame);
      const notified = { handler, ...(frame && { frame }) };
      if (maybe) host.maybeNotified.set(key, { ...notified, cause: task.name });
      else if (!host.notified.has(key)) host.notified.set(key, notified);
    }
    if (host.notified.size !== before) tellPending(run, host);
  };

  const register = (group: Group, results: ItemResult[]): void => {
    const { register: name } = group.planned.task;
    if (name === undefined) return;
    const { values } = group.view;
    values.pending.delete(name);
    if (results.some(({ status, isForecast }) => status === 'unknown' || isForecast)) {
      values.unknown.set(name, group.planned.task.name);
      return;
    }
    values.unknown.delete(name);
    const value: Value = group.loop ? loopRegister(group, results) : (results[0]?.fields ?? null);
    values.results.set(name, value);
    const shown = group.planned.noLog ? ({ value: HIDDEN, masked: true } as const) : { value };
    run.emit({ type: 'register', host: host.host.name, name, ...shown, kind: 'register' });
  };

  const fail = (group: Group, results: ItemResult[]): void => {
    if (host.state !== 'live') return;
    host.state = 'failed';
    const cursor = placeOf(group);
    const { name, module } = group.planned.task;
    const result = results.find(({ status }) => status === 'failed')?.fields ?? null;
    if (cursor) failed({ cursor, failure: { task: { name, module }, result } });
  };

  return {
    settled: () => chain,
    isConcluded: (group) => concluded.has(group),
    conclude(group, item, raw, ms, attempts) {
      const result = judge(group, item, raw, group.view);
      const results = collected.get(group) ?? [];
      results.push(result);
      collected.set(group, results);
      count(group, item, result);
      keepFacts({ run, host: host.host.name, group, item, result });
      const isLast = results.length === group.items.length;
      const stops = result.status === 'failed' && group.planned.task.loopControl.stopOnError;
      run.concluded?.({ host: host.host.name, item, result });
      if (isRefused(result)) {
        // Not what was planned: nobody foresaw how to go on, so neither `rescue` nor `ignore_errors` does.
        collected.delete(group);
        if (host.state === 'live') host.state = 'failed';
      } else if (isLast || stops) {
        collected.delete(group);
        concluded.add(group);
        register(group, results);
        // All items of a loop run, then the task has failed.
        if (results.some(({ status }) => status === 'failed') && !group.planned.task.ignoreErrors) fail(group, results);
      }
      chain = chain.then(() => tell(group, item, result, ms, attempts));
    },
  };
}

/** Tells which handlers are still to run. */
export function tellPending(run: RunContext, host: HostRun): void {
  const handlers = [...host.notified.values()].map(({ handler }) => handler.task.name);
  run.emit({ type: 'pending-handlers', host: host.host.name, handlers });
}

/** Lets `changed_when` and `failed_when` decide; they see the result as `result` and under its register's name. */
function judge(group: Group, item: Item, result: ItemResult, view: RenderContext): ItemResult {
  const { planned } = group;
  if (!['ok', 'changed', 'failed', 'would-change'].includes(result.status)) return result;
  if (isRefused(result)) return result;
  if (planned.changedWhen.length + planned.failedWhen.length === 0) return result;
  const isForecast = result.status === 'would-change';
  const name = planned.task.register;
  const locals = { ...item.locals, result: result.fields, ...(name !== undefined && { [name]: result.fields }) };
  const scope = view.scope(planned, locals);
  try {
    let { status, problem: fault } = result;
    // What a task would print is not there to be judged; whether a change counts as one may well be.
    if (planned.failedWhen.length > 0 && !isForecast) {
      const failing = planned.failedWhen.every((condition) => condition.holds(scope));
      const text = planned.failedWhen.map((condition) => condition.text).join(' && ');
      if (failing) fault ??= problem('E_FAILED_WHEN', { condition: text }, planned.task.source.locate(['failed_when']));
      else fault = undefined;
      status = failing ? 'failed' : result.status === 'failed' ? 'changed' : result.status;
    }
    if (status !== 'failed' && planned.changedWhen.length > 0) {
      const counts = planned.changedWhen.every((condition) => condition.holds(scope));
      status = counts ? (isForecast ? 'would-change' : 'changed') : 'ok';
    }
    return judged(result, status, fault);
  } catch (error) {
    if (error instanceof ProblemError && isForecast) return result;
    if (error instanceof ProblemError)
      return { ...fromError(error), fields: { ...result.fields, ...fromError(error).fields } };
    if (error instanceof NotKnown) {
      const detail = { ...result.detail, message: error.message };
      return { status: 'unknown', fields: { ...result.fields, ...commonFields('unknown', undefined) }, detail };
    }
    throw error;
  }
}

function judged(result: ItemResult, status: Status, fault: Problem | undefined): ItemResult {
  const { failure: _, ...detail } = result.detail;
  const { problem: __, ...rest } = result;
  return {
    ...rest,
    status,
    fields: { ...result.fields, ...commonFields(status, fault) },
    detail: { ...detail, ...(fault && { failure: failureOf(fault) }) },
    ...(fault && { problem: fault }),
  };
}

function loopRegister(group: Group, results: readonly ItemResult[]): Value {
  return {
    results: group.empty ? [] : results.map((result, i) => ({ ...result.fields, item: itemOf(group, i) })),
    changed: results.some((result) => result.status === 'changed' || result.status === 'would-change'),
    failed: results.some((result) => result.status === 'failed'),
    skipped: results.length > 0 && results.every((result) => result.status === 'skipped'),
  };
}

/** The item itself, whatever the task calls it. */
function itemOf({ planned, items }: Group, i: number): Value {
  const [name = 'item'] = loopNames(planned);
  return items[i]?.locals[name] ?? null;
}

/** A mistake that shows only while running is a failed task, not an invalid playbook. */
function runTimeExit(fault: Problem): number {
  const { exit } = sentence(fault);
  return exit === 2 ? 3 : exit;
}

function place(run: RunContext, file: string, offset: number): string {
  return `${file}:${run.lineOf(file, offset)}`;
}
