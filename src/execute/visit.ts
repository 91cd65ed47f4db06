import type { Visit, VisitAnswer } from '../model/module.ts';
import type { Resource } from '../model/resource.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Group, Item } from '../render/render-group.ts';
import type { HostRun, RunContext } from './context.ts';
import { fromReport } from './outcome.ts';
import { runAs, type SegmentHooks, type SegmentStep } from './segment.ts';

/** The host as a module sees it that goes back and forth: what it is asked to do, and how that went. */
export function visitOf(options: {
  run: RunContext;
  /** Where the task runs. */
  on: HostRun;
  group: Group;
  item: Item & { kind: 'controller' };
  /** As whom; undefined: whoever is logged in. */
  user: string | undefined;
}): Visit {
  const { run, on, group, item, user } = options;
  const { task } = group.planned;
  const check = run.check && task.checkMode !== false;

  const stepOf = (resource: Resource): SegmentStep => ({
    runnable: resource,
    ...runAs(user, on),
    ignoreErrors: false,
    ...(task.timeout !== undefined && { timeout: task.timeout }),
    check,
  });

  return async (resources, { received, mayFail = false } = {}) => {
    const answers: VisitAnswer[] = [];
    let fault: Problem | undefined;
    const hooks: SegmentHooks = {
      async intent() {
        run.emit({ type: 'intent', host: on.host.name, steps: [item.ref.step] });
        await run.durable();
      },
      began: () => undefined,
      output(i, stream, chunk) {
        if (i !== undefined && stream === 'stdout') received?.(i, chunk);
      },
      ended(i, report) {
        const step = { ...item, kind: 'step', resource: resources[i]! } as const;
        const timeout = task.timeout === undefined ? {} : { timeout: task.timeout };
        const result = fromReport(step, report, { check, causes: new Set(), ...timeout });
        fault ??= result.problem;
        answers[i] = {
          status: result.status,
          rc: report.rc,
          stdout: report.stdout.bytes(),
          stderr: report.stderr.bytes().toString('utf8'),
          ...(report.observed !== undefined && { observed: report.observed }),
          fields: result.fields,
          ...(result.detail.failure && { failure: result.detail.failure }),
        };
      },
    };
    const end = await reached(on, () => on.link.run(resources.map(stepOf), hooks));
    if (end.kind === 'lost') {
      await on.link.close().catch(() => undefined);
      throw new ProblemError(problem('E_CONNECTION_LOST', { host: on.host.name, reason: end.reason }));
    }
    if (fault && !mayFail) throw new ProblemError(fault);
    return answers;
  };
}

/** A host that could not be reached is tried anew when it is visited again. */
async function reached<T>(on: HostRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await on.link.close().catch(() => undefined);
    throw error;
  }
}
