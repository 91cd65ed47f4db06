import type { Reference } from '../expr/expression.ts';
import type { Scope } from '../model/scope.ts';
import type { Problem } from '../problems/problem.ts';
import type { Reading, ReadingRole } from './planned.ts';

/** Something compiled, or the reasons why there is none, and how a run would read it. */
export interface Outcome<T> {
  thing: T | undefined;
  problems: Problem[];
  evaluate(thing: NoInfer<T>, scope: Scope): unknown;
}

/** Notes what a compiled text reads, and its problems; gives it back. */
export type Keep = <T extends { references: Reference[] }>(
  role: ReadingRole,
  source: string,
  outcome: Outcome<T>,
) => T | undefined;

/** Collects the texts of one task that read names; their problems go to `problems`. */
export function collectReadings(problems: Problem[]): { keep: Keep; readings: Reading[] } {
  const readings: Reading[] = [];
  const keep: Keep = (role, source, { thing, problems: found, evaluate }) => {
    problems.push(...found);
    if (thing && (thing.references.length > 0 || readsFile(source) || namesStore(source))) {
      readings.push({ role, source, references: thing.references, evaluate: (scope) => evaluate(thing, scope) });
    }
    return thing;
  };
  return { keep, readings };
}

/** Whether a text may call the function `file`, which fails when its file is missing. */
export function readsFile(source: string): boolean {
  return /\bfile\s*\(|\{\{(?:(?!\}\}).)*\bfile\s/s.test(source);
}

/** Whether a text may call `ssm` or `secret`, which give what was read before the run. */
export function namesStore(source: string): boolean {
  return /\b(?:ssm|secret)\s*\(|(?:\{\{|\()[^}]*\b(?:ssm|secret)\s+[^\s}]/.test(source);
}

/** Renders a template. */
export function rendering(template: { render(scope: Scope): unknown }, scope: Scope): unknown {
  return template.render(scope);
}

/** Evaluates a condition. */
export function deciding(condition: { holds(scope: Scope): boolean }, scope: Scope): unknown {
  return condition.holds(scope);
}

/** Evaluates an expression. */
export function evaluating(expression: { evaluate(scope: Scope): unknown }, scope: Scope): unknown {
  return expression.evaluate(scope);
}
