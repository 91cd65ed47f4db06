import type { ModuleContext } from '../model/module.ts';
import type { Plan, PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import { renderParams } from '../render/render-task.ts';
import { roleAround } from './givers.ts';

/** What modules refuse although their schema allows it, where all parameters are known: a bad pattern, a text that is no mode. */
export async function findRefusedArguments(options: {
  plan: Plan;
  files: Files;
  /** Whether a task is certainly skipped on all its hosts. */
  isSkipped(play: PlannedPlay, planned: PlannedTask): boolean;
}): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const play of options.plan.plays) {
    for (const planned of [...play.tasks, ...play.handlers]) {
      const refused = [...mistakesIn(planned, options.files), ...(await refusedBy(planned, options.files))];
      if (refused.length > 0 && !options.isSkipped(play, planned)) problems.push(...refused);
    }
  }
  return problems;
}

/** What shows without a value of any template. */
function mistakesIn({ module, task }: PlannedTask, files: Files): Problem[] {
  const near = files.target('package.json');
  return (module.mistakes?.(task.args.value, near) ?? []).map(({ path, ...told }) =>
    problem(
      'E_MODULE_ARGS',
      { module: module.name, ...told },
      task.args.locate(path, typeof path.at(-1) === 'string' ? 'key' : 'value'),
    ),
  );
}

async function refusedBy(planned: PlannedTask, files: Files): Promise<Problem[]> {
  const { module, task } = planned;
  const isWhole = planned.params.length === Object.keys(task.args.value).length;
  if (!planned.isStatic || !isWhole || (module.on !== 'host' && !module.refuse)) return [];
  const role = roleAround(planned)?.body.role;
  try {
    const { params } = renderParams(planned, { get: () => undefined, names: () => [] });
    if (module.on !== 'host') {
      module.refuse?.(params as never);
      return [];
    }
    const lookup = (kind: 'files' | 'templates') => ({ kind, ...(role && { folder: role.dir }) });
    const context: ModuleContext = {
      env: {},
      check: true,
      readFile: (path, kind) => files.read(path, lookup(kind)),
      localSource: (path, kind) => files.locate(path, lookup(kind)),
      renderText: () => '',
    };
    if (!module.visits?.(params as never, context)) await module.resource(params as never, context);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems
      .filter((each) => !each.code.startsWith('E_FILE_') || !isNamed(planned))
      .map((each) => ({ ...each, at: each.at ?? task.args.locate() }));
  }
}

/** Files that cannot be read have been reported where a parameter names them. */
function isNamed({ module }: PlannedTask): boolean {
  return Object.keys(module.reads ?? {}).length > 0;
}
