import type { Scope } from '../../src/model/scope.ts';
import type { Value } from '../../src/model/value.ts';
import { type Problem, ProblemError, sentence } from '../../src/problems/problem.ts';

/** What a user is told: the line, a caret under the place, what is wrong, what to do. */
export function told(problems: readonly Problem[], source: string): string {
  return problems
    .map((problem) => {
      const { start, end } = problem.at ?? { start: 0, end: 0 };
      const from = source.lastIndexOf('\n', start - 1) + 1;
      const to = source.indexOf('\n', from) === -1 ? source.length : source.indexOf('\n', from);
      const caret = ' '.repeat(start - from) + '^'.repeat(Math.max(1, Math.min(end, to) - start));
      const { message, hint } = sentence(problem);
      return [source.slice(from, to), caret, `${problem.code}: ${message}`, ...(hint ? [`  ${hint}`] : [])].join('\n');
    })
    .join('\n');
}

/** The problems that a function throws. */
export function thrownBy(run: () => unknown): Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
  return [];
}

/** A scope of plain values; functions are computed when they are asked for. */
export function scopeOf(values: Record<string, Value | (() => Value)>): Scope {
  return {
    get: (name) => {
      if (!Object.hasOwn(values, name)) return undefined;
      const value = values[name];
      return typeof value === 'function' ? value() : value;
    },
    names: () => Object.keys(values),
  };
}
