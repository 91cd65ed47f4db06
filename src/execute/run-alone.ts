import { isMissing } from '../expr/missing.ts';
import type { PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { type Group, type Item, renderGroup } from '../render/render-group.ts';
import { controllerModule } from '../render/render-task.ts';
import { NotYet } from '../render/scope.ts';
import { similar } from '../util/similar.ts';
import type { Concluder } from './conclude.ts';
import type { HostRun } from './context.ts';
import { gatherFacts } from './gather-facts.ts';
import { becomeOf, type Walk } from './host-play.ts';
import { failureOf, fromController, fromError, type ItemResult } from './outcome.ts';
import { runGroups } from './run-groups.ts';

/** Runs a task by itself: one that is tried again, runs on another host, or does its work on the controller. Items one after another. */
export async function runAlone(walk: Walk, planned: PlannedTask): Promise<void> {
  const { run, host, concluder } = walk;
  const group = await renderKnown(walk, planned);
  for (const [index, item] of group.items.entries()) {
    if (host.state !== 'live' || run.stopping.aborted) return;
    if (item.kind === 'done' || (run.check && item.kind === 'step')) {
      await through(walk, group, item, on(walk, planned, item), concluder);
      continue;
    }
    const attempts = run.check ? 1 : (planned.task.retry?.attempts ?? (planned.until.length > 0 ? 3 : 1));
    const from = run.now();
    let wait = planned.task.retry?.delay ?? 1_000;
    for (let attempt = 1; ; attempt++) {
      const again = attempt === 1 ? item : ((await renderKnown(walk, planned)).items[index] ?? item);
      const target = on(walk, planned, again);
      if (target instanceof ProblemError) {
        concluder.conclude(group, item, fromError(target), 0);
        break;
      }
      const result = await attemptOnce(walk, group, again, target);
      const verdict = met(walk, planned, item, result);
      if (verdict === true || attempt >= attempts || host.state !== 'live' || run.stopping.aborted) {
        concluder.conclude(group, item, finalResult(planned, result, verdict, attempt), run.now() - from, attempt);
        break;
      }
      run.emit({ type: 'step-retry', host: host.host.name, step: item.ref.step, attempt, of: attempts, delay: wait });
      await run.sleep(wait);
      wait = Math.min(wait * (planned.task.retry?.backoff ?? 1), planned.task.retry?.maxDelay ?? wait * 10);
    }
    await concluder.settled();
  }
}

/** Does the work of one item and gives its result without concluding it. */
async function attemptOnce(walk: Walk, group: Group, item: Item, target: HostRun): Promise<ItemResult> {
  let result: ItemResult | undefined;
  const keep: Concluder = {
    settled: () => Promise.resolve(),
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
    concluder.conclude(group, item, await byController(walk, group.planned, item), 0);
    return;
  }
  await runGroups({
    run,
    host,
    on: target,
    groups: [{ ...group, items: [item] }],
    concluder: {
      settled: concluder.settled,
      conclude: (_, each, result, ms) => concluder.conclude(group, each, result, ms),
    },
    become: (of, each) => becomeOf(walk, of, each, target),
  });
}

async function byController(
  { view, run }: Walk,
  planned: PlannedTask,
  item: Item & { kind: 'controller' },
): Promise<ItemResult> {
  const module = controllerModule(planned);
  if (!module) throw new Error(`${planned.task.module} does not run on the controller`);
  const scope = view.scope(planned, item.locals);
  try {
    return fromController(
      await module.run(item.rendered.params as never, view.controllerContext(planned, item.rendered, scope)),
      run.check && planned.task.checkMode !== false,
    );
  } catch (error) {
    if (error instanceof ProblemError) return fromError(error);
    throw error;
  }
}

/** The host a task runs on: its own, or the one it is delegated to. Never falls back to another one in silence. */
function on({ run, host, view }: Walk, planned: PlannedTask, item: Item): HostRun | ProblemError {
  if (!planned.delegateTo) return host;
  try {
    const name = String(planned.delegateTo.render(view.scope(planned, item.locals)));
    if (run.inventory.hosts.has(name) || name === 'localhost') return run.hostRun(name);
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
function met({ view }: Walk, planned: PlannedTask, item: Item, result: ItemResult): boolean | ProblemError {
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

async function renderKnown(walk: Walk, planned: PlannedTask): Promise<Group> {
  try {
    return await renderGroup(planned, walk.view);
  } catch (error) {
    if (!(error instanceof NotYet) || error.what !== 'facts') throw error;
    await gatherFacts(walk.run, walk.play, walk.host);
    return renderGroup(planned, walk.view);
  }
}
