import type { Reference } from '../expr/expression.ts';
import type { Module } from '../model/module.ts';
import type { Condition, Play, Task } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import type { PlannedParam, PlannedTask } from './planned.ts';

/** Compiles a task once for all hosts. Problems are added to `problems`; the task is usable only when there were none. */
export function planTask(options: {
  task: Task;
  play: Play;
  module: Module;
  compiler: TextCompiler;
  problems: Problem[];
}): PlannedTask {
  const { task, play, module, compiler, problems } = options;
  const references: Reference[] = [];
  const keep = <T extends { references: Reference[] }>(thing: T | undefined, found: Problem[]): T | undefined => {
    problems.push(...found);
    if (thing) references.push(...thing.references);
    return thing;
  };
  const template = (text: Located<string> | undefined): Template | undefined => {
    if (!text) return undefined;
    const done = compiler.compileTemplate(text.value, text.locate());
    return keep(done.template, done.problems);
  };
  const conditions = (list: readonly Condition[]): CompiledCondition[] =>
    list.flatMap((condition) => {
      const done = compiler.compileCondition(condition);
      return keep(done.condition, done.problems) ?? [];
    });
  const vars = (fields: Located<Fields> | undefined): ReadonlyMap<string, ValueTemplate> => {
    const map = compileVars(fields, compiler, problems);
    for (const value of map.values()) references.push(...value.references);
    return map;
  };

  const params = planParams({ task, module, compiler, keep });
  const loop = planLoop(task, compiler, keep);
  const name = compiler.compileTemplate(task.name, task.source.locate(['name']));
  const become = task.become ?? play.become;
  const label = template(task.loopLabel);
  const cwd = template(task.cwd);
  const delegateTo = template(task.delegateTo);
  const becomeUser = become?.enabled
    ? template({ value: become.user, locate: () => task.source.locate(['become_user']) })
    : undefined;
  return {
    task,
    module,
    name: name.template,
    params,
    isStatic: params.every((param) => param.kind === 'value' && param.template.isStatic),
    when: conditions(task.when),
    changedWhen: conditions(task.changedWhen),
    failedWhen: conditions(task.failedWhen),
    until: conditions(task.until),
    ...(loop && { loop }),
    ...(label && { loopLabel: label }),
    ...(task.vars && { vars: vars(task.vars) }),
    env: new Map([...vars(play.env), ...vars(task.env)]),
    ...(cwd && { cwd }),
    ...(delegateTo && { delegateTo }),
    ...(become && { become }),
    ...(becomeUser && { becomeUser }),
    tags: [...new Set([...play.tags, ...task.tags])],
    references,
  };
}

type Keep = <T extends { references: Reference[] }>(thing: T | undefined, found: Problem[]) => T | undefined;

function planParams(options: { task: Task; module: Module; compiler: TextCompiler; keep: Keep }): PlannedParam[] {
  const { task, module, compiler, keep } = options;
  const params: PlannedParam[] = [];
  for (const [name, value] of Object.entries(task.args.value)) {
    const at = task.args.locate([name]);
    const style = module.shellText?.[name];
    if (module.conditions?.includes(name)) {
      const list = Array.isArray(value) ? value : [value];
      list.forEach((text, i) => {
        const place = Array.isArray(value) ? task.args.locate([name, i]) : at;
        const done = compiler.compileCondition({ text: String(text), at: place });
        keep(done.condition, done.problems);
      });
      params.push({ name, kind: 'condition', written: value });
    } else if (module.expressions?.includes(name) && typeof value === 'string') {
      const done = compiler.compileExpression(value, at);
      keep(done.expression, done.problems);
      params.push({ name, kind: 'condition', written: value });
    } else if (style === 'text' && typeof value === 'string') {
      const done = compiler.compileShell(value, at);
      const shell = keep(done.shell, done.problems);
      if (shell) params.push({ name, kind: 'shell', shell, written: value });
    } else if (style === 'words' && typeof value === 'string') {
      const done = compiler.compileWords(value, at);
      const words = keep(done.words, done.problems);
      if (words) params.push({ name, kind: 'words', words, written: value });
    } else {
      const done = compiler.compileValue(part(task.args, name, value));
      const compiled = keep(done.value, done.problems);
      if (compiled) params.push({ name, kind: 'value', template: compiled });
    }
  }
  return params;
}

function planLoop(task: Task, compiler: TextCompiler, keep: Keep): PlannedTask['loop'] {
  if (!task.loop) return undefined;
  const { value } = task.loop;
  if (typeof value === 'string' && !value.includes('{{')) {
    const done = compiler.compileExpression(value, task.loop.locate());
    const expression = keep(done.expression, done.problems);
    return expression && { kind: 'expression', expression };
  }
  const done = compiler.compileValue(task.loop);
  const template = keep(done.value, done.problems);
  return template && { kind: 'list', template };
}

/** Compiles a mapping of author variables, each by itself. */
export function compileVars(
  fields: Located<Fields> | undefined,
  compiler: TextCompiler,
  problems: Problem[],
): ReadonlyMap<string, ValueTemplate> {
  const map = new Map<string, ValueTemplate>();
  for (const [name, value] of Object.entries(fields?.value ?? {})) {
    const done = compiler.compileValue(part(fields!, name, value));
    problems.push(...done.problems);
    if (done.value) map.set(name, done.value);
  }
  return map;
}

/** The entry of a mapping as a located value of its own. */
function part(of: Located<unknown>, name: string, value: Value): Located<Value> {
  return { value, locate: (path = [], side) => of.locate([name, ...path], side) };
}
