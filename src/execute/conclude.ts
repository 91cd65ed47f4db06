import type { Status } from '../model/event.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError, problem, sentence } from '../problems/problem.ts';
import type { Group, Item, RenderContext } from '../render/render-group.ts';
import { NotKnown } from '../render/scope.ts';
import { unifiedDiff } from '../util/unified-diff.ts';
import type { HostRun, RunContext } from './context.ts';
import { commonFields, failureOf, fromError, type ItemResult } from './outcome.ts';

/** Takes the results of a host's items in order: judges them, tells about them, keeps registers and notifications. */
export interface Concluder {
  /** Resolves when everything concluded so far has been told. */
  settled(): Promise<void>;
  conclude(group: Group, item: Item, result: ItemResult, ms: number, attempts?: number): void;
}

/** `view` fills in conditions; one concluder serves one host in one play. */
export function createConcluder(run: RunContext, host: HostRun, view: RenderContext): Concluder {
  const collected = new Map<Group, ItemResult[]>();
  let chain: Promise<void> = Promise.resolve();

  const tell = async (group: Group, item: Item, result: ItemResult, ms: number, attempts?: number): Promise<void> => {
    const { task } = group.planned;
    const ignored = result.status === 'failed' && task.ignoreErrors;
    const { detail } = result;
    if (result.texts && run.diff) detail.diff = await unifiedDiff(result.texts);
    if (!run.diff) delete detail.diff;
    if (ignored) detail.ignored = true;
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

  const count = (group: Group, result: ItemResult): void => {
    const { task } = group.planned;
    const ignored = result.status === 'failed' && task.ignoreErrors;
    host.counts[ignored ? 'ok' : result.status] += 1;
    if (result.status === 'failed' && !ignored) host.exits.add(result.problem ? runTimeExit(result.problem) : 3);
    if (result.status === 'unknown' && !run.check) {
      host.state = 'unknown';
      host.exits.add(5);
    }
    if (result.status === 'cancelled') host.state = 'cancelled';
    if (run.check && (result.status === 'would-change' || result.status === 'unknown')) host.causes.push(task.name);
    if (run.check && result.status === 'unknown')
      for (const name of task.notify) host.maybeNotified.set(name, task.name);
    if (result.status !== 'changed' && result.status !== 'would-change') return;
    const before = host.notified.size;
    for (const name of task.notify) host.notified.add(name);
    if (host.notified.size !== before)
      run.emit({ type: 'pending-handlers', host: host.host.name, handlers: [...host.notified] });
  };

  const register = (group: Group, results: ItemResult[]): void => {
    const { register: name } = group.planned.task;
    if (name === undefined) return;
    host.values.pending.delete(name);
    if (results.some((result) => result.status === 'unknown')) {
      host.values.unknown.set(name, group.planned.task.name);
      return;
    }
    host.values.unknown.delete(name);
    const value: Value = group.loop ? loopRegister(group, results) : (results[0]?.fields ?? null);
    host.values.results.set(name, value);
    run.emit({ type: 'register', host: host.host.name, name, value, kind: 'register' });
  };

  /** What set_fact and its like leave behind; what was known when the task was filled in is there already. */
  const keepFacts = (group: Group, item: Item, result: ItemResult): void => {
    for (const [name, value] of Object.entries(result.facts ?? {})) {
      if (item.kind !== 'done') host.values.results.set(name, value);
      run.emit({ type: 'register', host: host.host.name, name, value, kind: 'set_fact' });
    }
    if (result.status !== 'unknown') return;
    for (const name of Object.keys(group.planned.module.facts ?? {}))
      host.values.unknown.set(name, group.planned.task.name);
  };

  return {
    settled: () => chain,
    conclude(group, item, raw, ms, attempts) {
      const result = judge(group, item, raw, view);
      const results = collected.get(group) ?? [];
      results.push(result);
      collected.set(group, results);
      count(group, result);
      keepFacts(group, item, result);
      if (results.length === group.items.length) {
        collected.delete(group);
        register(group, results);
        // All items of a loop run, then the task has failed.
        const failed = results.some(({ status }) => status === 'failed') && !group.planned.task.ignoreErrors;
        if (failed && host.state === 'live') host.state = 'failed';
      }
      chain = chain.then(() => tell(group, item, result, ms, attempts));
    },
  };
}

/** Lets `changed_when` and `failed_when` decide; they see the result as `result` and under its register's name. */
function judge(group: Group, item: Item, result: ItemResult, view: RenderContext): ItemResult {
  const { planned } = group;
  if (!['ok', 'changed', 'failed'].includes(result.status)) return result;
  if (planned.changedWhen.length + planned.failedWhen.length === 0) return result;
  const name = planned.task.register;
  const locals = { ...item.locals, result: result.fields, ...(name !== undefined && { [name]: result.fields }) };
  const scope = view.scope(planned, locals);
  try {
    let { status, problem: fault } = result;
    if (planned.failedWhen.length > 0) {
      const failing = planned.failedWhen.every((condition) => condition.holds(scope));
      const text = planned.failedWhen.map((condition) => condition.text).join(' && ');
      if (failing) fault ??= problem('E_FAILED_WHEN', { condition: text }, planned.task.source.locate(['failed_when']));
      else fault = undefined;
      status = failing ? 'failed' : result.status === 'failed' ? 'changed' : result.status;
    }
    if (status !== 'failed' && planned.changedWhen.length > 0) {
      status = planned.changedWhen.every((condition) => condition.holds(scope)) ? 'changed' : 'ok';
    }
    return judged(result, status, fault);
  } catch (error) {
    if (error instanceof ProblemError)
      return { ...fromError(error), fields: { ...result.fields, ...fromError(error).fields } };
    if (error instanceof NotKnown) return result;
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
    results: group.empty
      ? []
      : results.map((result, i) => ({ ...result.fields, item: group.items[i]?.locals['item'] ?? null })),
    changed: results.some((result) => result.status === 'changed' || result.status === 'would-change'),
    failed: results.some((result) => result.status === 'failed'),
    skipped: results.length > 0 && results.every((result) => result.status === 'skipped'),
  };
}

/** A mistake that shows only while running is a failed task, not an invalid playbook. */
function runTimeExit(fault: Problem): number {
  const { exit } = sentence(fault);
  return exit === 2 ? 3 : exit;
}

function place(run: RunContext, file: string, offset: number): string {
  return `${file}:${run.lineOf(file, offset)}`;
}
