import type { FunctionContext } from '../model/function-context.ts';
import type { Value } from '../model/value.ts';
import { type AnyFunction, FunctionError } from './function.ts';
import { take } from './kinds.ts';

/** Calls a function with arguments in their order; one that is undefined was not given. Throws FunctionError, and ProblemError for files. */
export function invoke(
  definition: AnyFunction,
  args: readonly (Value | undefined)[],
  context: FunctionContext | undefined,
): Value {
  const given: Record<string, unknown> = {};
  for (const [i, [name, param]] of Object.entries(definition.params).entries()) {
    if (param.rest) given[name] = args.slice(i).map((value) => take(value ?? null, param, { name, first: i === 0 }));
    else {
      const value = args[i] === undefined ? param.default : args[i];
      if (value !== undefined) given[name] = take(value, param, { name, first: i === 0 });
    }
  }
  return definition.call(given as never, context ?? outsideOfRun);
}

/** Where no run is known, nothing outside can be asked for. */
const outsideOfRun = new Proxy({} as FunctionContext, {
  get() {
    throw new FunctionError('it can be used only in tasks and their variables');
  },
});

/** The least and the most arguments that a function takes. */
export function arity(definition: AnyFunction): { least: number; most: number } {
  const all = Object.values(definition.params);
  const least = all.filter((param) => param.default === undefined && !param.optional).length;
  return { least, most: all.some((param) => param.rest) ? Number.POSITIVE_INFINITY : all.length };
}
