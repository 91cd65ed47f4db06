import type { Value } from '../model/value.ts';

/** A template helper: `{{upper name}}`. One file each in helpers/; the examples are run by tests and printed in the docs. */
export interface Helper {
  name: string;
  /** One sentence: what it gives. */
  summary: string;
  /** Least and most values it takes. */
  args: readonly [number, number];
  /** A value of the template's; never undefined or null, unless `lenient` and the first. Throws FunctionError for what it refuses. */
  run(...args: (Value | undefined)[]): Value;
  /** The first value may be missing or null: then it is undefined. */
  lenient?: boolean;
  examples: { template: string; vars: Record<string, Value>; result: Value }[];
}
