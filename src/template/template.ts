import type { Reference } from '../expr/expression.ts';
import type { Scope } from '../model/scope.ts';
import type { Value } from '../model/value.ts';

/** Compiled author text. */
export interface Template {
  source: string;
  /** Holds no mustache: `render` needs no scope and always gives the same text. */
  isStatic: boolean;
  references: Reference[];
  /** Keeps the value's type when the text is exactly one mustache (a trailing newline still counts), else gives a string. Throws ProblemError. */
  render(scope: Scope): Value;
}
