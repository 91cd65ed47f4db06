import type { Module } from '../model/module.ts';
import type { Task } from '../model/playbook.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { entryOf } from './compile-vars.ts';
import type { PlannedParam } from './planned.ts';
import { deciding, evaluating, type Keep, rendering } from './readings.ts';

interface Parts {
  task: Task;
  module: Module;
  compiler: TextCompiler;
  keep: Keep;
}

/** Compiles every parameter the way its module reads it: a text, shell text, a command line, a condition, an expression. */
export function planParams(parts: Parts): PlannedParam[] {
  const { task, module, compiler, keep } = parts;
  for (const { path, text } of module.expressionsIn?.(task.args.value) ?? []) {
    const { expression, problems } = compiler.compileExpression(text, task.args.locate(path));
    keep('work', text, { thing: expression, problems, evaluate: evaluating });
  }
  return Object.entries(task.args.value).flatMap(([name, value]) => planParam(parts, name, value) ?? []);
}

function planParam(parts: Parts, name: string, value: Value): PlannedParam | undefined {
  const { task, module, compiler, keep } = parts;
  const at = task.args.locate([name]);
  const style = module.shellText?.[name];
  if (module.conditions?.includes(name)) {
    const list = Array.isArray(value) ? value : [value];
    for (const [i, text] of list.entries()) {
      keepCondition(parts, String(text), Array.isArray(value) ? task.args.locate([name, i]) : at);
    }
    return { name, kind: 'condition', written: value };
  }
  if (typeof value === 'string') {
    if (module.expressions?.includes(name)) {
      const { expression, problems } = compiler.compileExpression(value, at);
      keep('work', value, { thing: expression, problems, evaluate: evaluating });
      return { name, kind: 'condition', written: value };
    }
    if (style === 'text') {
      const { shell, problems } = compiler.compileShell(value, at, readerOf(task));
      const thing = keep('work', value, { thing: shell, problems, evaluate: rendering });
      return thing && { name, kind: 'shell', shell: thing, written: value };
    }
    if (style === 'words') {
      const { words, problems } = compiler.compileWords(value, at);
      const thing = keep('work', value, { thing: words, problems, evaluate: rendering });
      return thing && { name, kind: 'words', words: thing, written: value };
    }
  }
  const entry = entryOf(task.args, name, value);
  const isSql = module.sqlText && ((path: readonly (string | number)[]) => module.sqlText?.([name, ...path]) === true);
  const { value: compiled, problems } = isSql ? compiler.compileSql(entry, isSql) : compiler.compileValue(entry);
  const source = compiled?.isStatic ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const template = keep('work', source, { thing: compiled, problems, evaluate: rendering });
  if (isSql) return template && { name, kind: 'sql', template, source: value };
  return template && { name, kind: 'value', template };
}

function keepCondition({ compiler, keep }: Parts, text: string, at: Span): void {
  const { condition, problems } = compiler.compileCondition({ text, at });
  keep('work', text, { thing: condition, problems, evaluate: deciding });
}

/** The program that a shell text is for, when the task names one outright: values cannot be handed to just any. */
function readerOf(task: Task): string | undefined {
  const program = task.args.value['executable'];
  return typeof program === 'string' && !program.includes('{{') ? program : undefined;
}
