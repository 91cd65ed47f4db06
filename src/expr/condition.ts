import { kindOf } from '../functions/words.ts';
import type { Condition } from '../model/playbook.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { ExpressionCompiler } from './compile.ts';
import { kind } from './explain.ts';
import type { Reference } from './expression.ts';
import { placeIn } from './place.ts';

/** A compiled condition. A list of them means all. */
export interface CompiledCondition {
  text: string;
  references: Reference[];
  /** Throws ProblemError when it cannot be evaluated or does not give true or false. */
  holds(scope: Scope): boolean;
  /** Paths, root first, that exist where it holds, because `has()` asked for them. */
  proves: string[][];
}

/** Compiles a condition; one that can never be true or false is a problem at once. */
export function compileCondition(
  compile: ExpressionCompiler['compileExpression'],
  { text, at }: Condition,
  sources?: Sources,
): { condition?: CompiledCondition; problems: Problem[] } {
  const place = placeIn(text, at, sources);
  const { expression, problems } = compile(text, at);
  if (!expression) return { problems };
  const whole = place(text.length - text.trimStart().length, text.trimEnd().length);
  if (expression.type !== 'bool' && expression.type !== 'dyn') {
    return { problems: [problem('E_EXPR_NOT_BOOL', { type: kind(expression.type), advice: undefined }, whole)] };
  }
  const holds = (scope: Scope): boolean => {
    const value = expression.evaluate(scope);
    if (typeof value === 'boolean') return value;
    if (value === null) throw new ProblemError(problem('E_VALUE_NULL', { path: text.trim(), in: 'expression' }, whole));
    const advice =
      typeof value === 'string' ? `for the texts "true" and "false", write: bool(${text.trim()})` : undefined;
    throw new ProblemError(problem('E_EXPR_NOT_BOOL', { type: shown(value), advice }, whole));
  };
  return {
    condition: { text, references: expression.references, holds, proves: expression.proves(true) },
    problems: [],
  };
}

function shown(value: Value): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  return kindOf(value);
}
