import type { Value } from '../model/value.ts';

/** What a function gets: CEL integers are bigints, other numbers doubles, the rest plain data. */
export type Argument = bigint | Value;

/** A function of the expression language beside CEL's own. One file each in functions/; the examples are run by tests and printed in the docs. */
export interface ExpressionFunction {
  name: string;
  /** One sentence: what it gives. */
  summary: string;
  /** CEL signatures with their implementation. A thrown FunctionError is the author's mistake. */
  overloads: Record<string, (...args: never[]) => Argument>;
  examples: { expression: string; result: Value }[];
}

/** What a function refuses, in words for the author. */
export class FunctionError extends Error {}
