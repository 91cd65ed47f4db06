import type { FunctionContext } from '../model/function-context.ts';
import type { Fields, Value } from '../model/value.ts';

/**
 * What a parameter takes. `text` in a template also takes a number or true and false, as they would stand in the text. `pattern` is a
 * regular expression, `time` an ISO 8601 text or seconds since 1970, `duration` a text like `1h30m` or seconds.
 */
export type Kind = 'any' | 'text' | 'pattern' | 'number' | 'integer' | 'bool' | 'list' | 'map' | 'time' | 'duration';

/** One parameter of a function. */
export interface Param {
  kind: Kind | readonly Kind[];
  /** What it is, in a few words for the documentation. */
  about: string;
  /** What it is when it is not given. */
  default?: Value;
  /** It may be left out, and is undefined then. */
  optional?: true;
  /** The last one may be given several times, and comes as a list. */
  rest?: true;
  /** In a template it may be undefined or null, and is undefined then. */
  lenient?: true;
  /** It may be `omit`, which is given on. */
  omittable?: true;
}

/** What `call` gets for each kind; a duration comes as seconds. */
interface Kinds {
  any: Value;
  text: string;
  pattern: string;
  number: number;
  integer: number;
  bool: boolean;
  list: Value[];
  map: Fields;
  time: Date;
  duration: number;
}

type Taken<P extends Param> = P['kind'] extends Kind
  ? Kinds[P['kind']]
  : P['kind'] extends readonly (infer K extends Kind)[]
    ? Kinds[K]
    : never;
type Given<P extends Param> = P extends { rest: true }
  ? Taken<P>[]
  : P extends { optional: true } | { lenient: true }
    ? Taken<P> | undefined
    : Taken<P>;

/** A call and what it gives: the documentation prints it, and the tests run it as an expression and as a template. */
export interface Example {
  args: readonly Value[];
  result: Value;
}

/** What every function says of itself. */
interface Described {
  /** As authors write it: Ansible's name where there is one. */
  name: string;
  /** One sentence: what it gives. */
  summary: string;
  result: Kind;
  examples: readonly Example[];
  /** A second name that works as well. */
  alias?: string;
  /** What other tools call it, for "did you mean". */
  alsoCalled?: readonly string[];
  /** Expressions have it in CEL itself, under the same name, or write something else instead. Only templates use this one. */
  cel?: 'standard' | { instead: string };
}

/** A function of templates and expressions: one definition gives `{{name a b}}`, `name(a, b)` and `a.name(b)`. */
export interface AnyFunction extends Described {
  /** In the order of the arguments. */
  params: Readonly<Record<string, Param>>;
  call(given: never, context: FunctionContext): Value;
}

/** Types the arguments of `call` after `params`. What it refuses, it throws as FunctionError. */
export function defineFunction<const P extends Record<string, Param>>(
  definition: Described & {
    params: P;
    call(given: { [N in keyof P]: Given<P[N]> }, context: FunctionContext): Value;
  },
): AnyFunction {
  return definition;
}

/** What a function refuses, in words for the author; the name of the function is put before it. */
export class FunctionError extends Error {}
