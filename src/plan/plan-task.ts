import type { Module } from '../model/module.ts';
import type { Condition, Play, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Problem } from '../problems/problem.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { compileVars } from './compile-vars.ts';
import { planParams } from './plan-params.ts';
import type { PlannedTask, ReadingRole } from './planned.ts';
import { collectReadings, deciding, evaluating, type Keep, rendering } from './readings.ts';

/** Compiles a task once for all hosts. Problems are added to `problems`; the task is usable only when there were none. */
export function planTask(options: {
  task: Task;
  play: Play;
  module: Module;
  compiler: TextCompiler;
  problems: Problem[];
}): PlannedTask {
  const { task, play, module, compiler, problems } = options;
  const { keep, readings } = collectReadings(problems);
  const template = (role: ReadingRole, text: Located<string> | undefined): Template | undefined => {
    if (!text) return undefined;
    const done = compiler.compileTemplate(text.value, text.locate());
    return keep(role, text.value, { thing: done.template, problems: done.problems, evaluate: rendering });
  };
  const conditions = (role: ReadingRole, list: readonly Condition[]): CompiledCondition[] =>
    list.flatMap((condition) => {
      const done = compiler.compileCondition(condition);
      return keep(role, condition.text, { thing: done.condition, problems: done.problems, evaluate: deciding }) ?? [];
    });
  const env = (fields: Play['env']): ReadonlyMap<string, ValueTemplate> => {
    const map = compileVars(fields, compiler, problems);
    for (const [name, thing] of map) keep('work', sourceOf(fields, name), { thing, problems: [], evaluate: rendering });
    return map;
  };

  const loop = planLoop(task, compiler, keep);
  const when = conditions('when', task.when);
  const named = { value: task.name, locate: () => task.source.locate(['name']) };
  // A name of play's own making repeats an argument, perhaps cut within braces.
  const isGiven = task.source.value['name'] !== undefined;
  const name = isGiven ? template('name', named) : compiler.compileTemplate(task.name, named.locate()).template;
  const label = template('label', task.loopLabel);
  const params = planParams({ task, module, compiler, keep });
  const become = task.become ?? play.become;
  const becomeUser = become?.enabled
    ? template('work', { value: become.user, locate: () => task.source.locate(['become_user']) })
    : undefined;
  const cwd = template('work', task.cwd);
  const delegateTo = template('work', task.delegateTo);
  return {
    task,
    module,
    name,
    params,
    isStatic: params.every(isStatic),
    when,
    changedWhen: conditions('after', task.changedWhen),
    failedWhen: conditions('after', task.failedWhen),
    until: conditions('after', task.until),
    ...(loop && { loop }),
    ...(label && { loopLabel: label }),
    ...(task.vars && { vars: compileVars(task.vars, compiler, problems) }),
    env: new Map([...env(play.env), ...env(task.env)]),
    ...(cwd && { cwd }),
    ...(delegateTo && { delegateTo }),
    ...(become && { become }),
    noLog: task.noLog ?? play.noLog ?? false,
    ...(becomeUser && { becomeUser }),
    tags: [...new Set([...play.tags, ...task.tags])],
    readings,
  };
}

function sourceOf(fields: Play['env'], name: string): string {
  return String(fields?.value[name]);
}

function planLoop(task: Task, compiler: TextCompiler, keep: Keep): PlannedTask['loop'] {
  if (!task.loop) return undefined;
  const { value } = task.loop;
  if (typeof value === 'string' && !value.includes('{{')) {
    const done = compiler.compileExpression(value, task.loop.locate());
    const expression = keep('loop', value, {
      thing: done.expression,
      problems: done.problems,
      evaluate: evaluating,
    });
    return expression && { kind: 'expression', expression };
  }
  const done = compiler.compileValue(task.loop);
  const source = typeof value === 'string' ? value : JSON.stringify(value);
  const template = keep('loop', source, { thing: done.value, problems: done.problems, evaluate: rendering });
  return template && { kind: 'list', template };
}

/** Conditions are given to the module as written. */
function isStatic(param: PlannedTask['params'][number]): boolean {
  switch (param.kind) {
    case 'value':
      return param.template.isStatic;
    case 'shell':
      return param.shell.isStatic;
    case 'words':
      return param.words.isStatic;
    case 'condition':
      return true;
  }
}
