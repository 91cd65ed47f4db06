import { PatternError, patternOf } from '../functions/pattern.ts';
import type { HostModule } from '../model/module.ts';
import type { Task } from '../model/playbook.ts';
import { inBackground } from '../modules/shared/background-job.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { compileVars } from './compile-vars.ts';
import type { Position } from './plan-block.ts';
import { planParams } from './plan-params.ts';
import type { PlannedTask } from './planned.ts';
import { collectReadings, type Keep, rendering } from './readings.ts';
import { planConditions, planLoop, planText } from './texts.ts';

/** Compiles a task once for all hosts. Problems are added to `problems`; the task is usable only when there were none. */
export function planTask(options: {
  task: Task;
  compiler: TextCompiler;
  problems: Problem[];
  position: Position;
}): PlannedTask {
  const { task, compiler, problems, position } = options;
  const { background, definition } = task;
  const isHosts = definition.on === 'host';
  const started = background && isHosts ? inBackground(definition as HostModule, background.limit) : definition;
  const module = task.parse ? { ...started, result: { ...started.result, data: 'What `parse` has read.' } } : started;
  checkPattern(task, problems);
  const { keep, readings } = collectReadings(problems);
  const texts = { compiler, keep };
  const loop = planLoop(task, texts);
  const when = planConditions(texts, 'when', task.when);
  const named = { value: task.name, locate: () => task.source.locate(['name']) };
  // A name of play's own making repeats an argument, perhaps cut within braces.
  const isGiven = task.source.value['name'] !== undefined;
  const name = isGiven ? planText(texts, 'name', named) : compiler.compileTemplate(task.name, named.locate()).template;
  const label = planText(texts, 'label', task.loopControl.label);
  const params = planParams({ task, module, compiler, keep });
  const { become } = task;
  const becomeUser = become?.enabled
    ? planText(texts, 'work', { value: become.user, locate: () => task.source.locate(['become_user']) })
    : undefined;
  const cwd = planText(texts, 'work', task.cwd && { ...task.cwd, mayOmit: true });
  const delegateTo = planText(texts, 'work', task.delegateTo && { ...task.delegateTo, mayOmit: true });
  return {
    task,
    module,
    name,
    params,
    isStatic: params.every(isStatic),
    when,
    changedWhen: planConditions(texts, 'after', task.changedWhen),
    failedWhen: planConditions(texts, 'after', task.failedWhen),
    until: planConditions(texts, 'after', task.until),
    ...(loop && { loop }),
    ...(label && { loopLabel: label }),
    ...(task.vars && { vars: compileVars(task.vars, compiler, problems) }),
    env: planEnv(task, { compiler, keep, problems }),
    ...(cwd && { cwd }),
    ...(delegateTo && { delegateTo }),
    ...(become && { become }),
    noLog: task.noLog ?? false,
    ...(becomeUser && { becomeUser }),
    tags: task.tags,
    notifies: [],
    readings,
    ...position,
  };
}

function planEnv(
  { env }: Task,
  { compiler, keep, problems }: { compiler: TextCompiler; keep: Keep; problems: Problem[] },
): ReadonlyMap<string, ValueTemplate> {
  const map = compileVars(env, compiler, problems);
  for (const [name, thing] of map) {
    keep('work', String(env?.value[name]), { thing, problems: [], evaluate: rendering });
  }
  return map;
}

/** A pattern that cannot be searched is found before the run. */
function checkPattern({ parse }: Task, problems: Problem[]): void {
  const { pattern } = parse ?? {};
  if (!pattern) return;
  try {
    const { names } = patternOf(pattern.value);
    if (Object.keys(names).length > 0) return;
    const detail = 'it has no named group: (?P<name>…)';
    problems.push(problem('E_PARSE_PATTERN', { detail }, pattern.locate()));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    problems.push(problem('E_PARSE_PATTERN', { detail: error.message }, pattern.locate()));
  }
}

/** Conditions are given to the module as written. */
function isStatic(param: PlannedTask['params'][number]): boolean {
  switch (param.kind) {
    case 'value':
    case 'sql':
      return param.template.isStatic;
    case 'shell':
      return param.shell.isStatic;
    case 'words':
      return param.words.isStatic;
    case 'condition':
      return true;
  }
}
