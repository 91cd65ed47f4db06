import type { FunctionContext } from './function-context.ts';
import type { Value } from './value.ts';

/**
 * What a template or an expression can see: one host, one task, one loop item.
 * Top-level names are `params facts host hosts groups env item index run stdin vars omit` and every variable and register by its own name.
 */
export interface Scope {
  /**
   * The value of a top-level name, author variables rendered on the way (lazily, once per scope).
   * `undefined` means no such name. Throws ProblemError when the variable's own text cannot be rendered (cycle, undefined inside).
   */
  get(name: string): Value | undefined;
  /** Every name that `get` knows, for "did you mean". */
  names(): string[];
  /** What functions of templates and expressions may ask about the run; undefined where no run is known. */
  readonly functionContext?: FunctionContext | undefined;
  /** Where texts are filled in for a run that has secrets. */
  taint?: Taint | undefined;
}

/** Learns what is made of secrets. */
export interface Taint {
  /** No secret is known, so nothing can be made of one. */
  isEmpty(): boolean;
  /** `source` (the text of an expression, or a helper's name) gave `result` for these values: what hides a secret in it is a secret too. */
  derive(result: Value, source: string, inputs: () => Value[]): void;
}
