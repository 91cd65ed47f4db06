import type { Scope } from '../model/scope.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';

/** A name that a text reads, as far as it can be known without running it. */
export interface Reference {
  /** The top-level name; `vars.NAME` counts as NAME, `vars` alone or with a computed name as `vars`. */
  root: string;
  /** Fields below the root, up to the first that is computed. */
  path: string[];
  /** UTF-16 offsets inside the text it was compiled from. */
  range: { start: number; end: number };
  /** The same place in its file. */
  at: Span;
  /** Its absence is not necessarily a mistake: inside `has()`, after `.?`, behind a `has()` of the same name, or a name in a block that an item's field may shadow. */
  guarded: boolean;
}

/** Names that hide those of the scope: what a block of a template binds. `vars.NAME` is not hidden. */
export type Locals = (name: string) => Value | undefined;

/** A compiled CEL expression. */
export interface Expression {
  text: string;
  references: Reference[];
  /** CEL's static type: `bool`, `dyn` when it depends on values, `string`, `int`, `double`, `list`, `map<string, int>` … */
  type: string;
  /** Throws ProblemError with a place inside the text; `isMissing` says whether a key was missing or null on the way. */
  evaluate(scope: Scope, locals?: Locals): Value;
  /** Paths, root first, that exist when it gave `outcome`, because `has()` asked for them. */
  proves(outcome: boolean): string[][];
}

/** What compiling gives: the compiled thing, or the reasons why there is none. */
export interface CompiledExpression {
  expression?: Expression;
  problems: Problem[];
}
