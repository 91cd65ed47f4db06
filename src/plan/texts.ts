import type { Condition, Task } from '../model/playbook.ts';
import type { Span } from '../model/span.ts';
import { misplacedOmit } from '../template/omit-place.ts';
import type { Template } from '../template/template.ts';
import type { CompiledCondition, TextCompiler } from '../template/text-compiler.ts';
import type { PlannedReader, ReadingRole } from './planned.ts';
import { deciding, evaluating, type Keep, rendering } from './readings.ts';

/** Where compiled texts come from, and where it is noted what they read. */
export interface Texts {
  compiler: TextCompiler;
  keep: Keep;
}

/** Compiles a text for people or for work; only one that says `mayOmit` can be left out by `omit`. */
export function planText(
  { compiler, keep }: Texts,
  role: ReadingRole,
  text: { value: string; locate(): Span; mayOmit?: boolean } | undefined,
): Template | undefined {
  if (!text) return undefined;
  const done = compiler.compileTemplate(text.value, text.locate());
  const omits = text.mayOmit ? [] : misplacedOmit(done.template?.references ?? []);
  return keep(role, text.value, { thing: done.template, problems: [...done.problems, ...omits], evaluate: rendering });
}

/** Compiles conditions. */
export function planConditions(
  { compiler, keep }: Texts,
  role: ReadingRole,
  list: readonly Condition[],
): CompiledCondition[] {
  return list.flatMap((condition) => {
    const done = compiler.compileCondition(condition);
    return keep(role, condition.text, { thing: done.condition, problems: done.problems, evaluate: deciding }) ?? [];
  });
}

/** Compiles the list of a loop, or the expression that gives it. */
export function planLoop({ loop }: Pick<Task, 'loop'>, { compiler, keep }: Texts): PlannedReader['loop'] {
  if (!loop) return undefined;
  const { value } = loop;
  if (typeof value === 'string' && !value.includes('{{')) {
    const done = compiler.compileExpression(value, loop.locate());
    const expression = keep('loop', value, {
      thing: done.expression,
      problems: done.problems,
      evaluate: evaluating,
    });
    return expression && { kind: 'expression', expression };
  }
  const done = compiler.compileValue(loop);
  const source = typeof value === 'string' ? value : JSON.stringify(value);
  const omits = typeof value === 'string' ? misplacedOmit(done.value?.references ?? []) : [];
  const problems = [...done.problems, ...omits];
  const template = keep('loop', source, { thing: done.value, problems, evaluate: rendering });
  return template && { kind: 'list', template };
}
