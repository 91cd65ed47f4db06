import type { Place } from '../expr/place.ts';
import { functionNamed, nearestFunction } from '../functions/catalogue.ts';
import { type AnyFunction, FunctionError } from '../functions/function.ts';
import { arity } from '../functions/invoke.ts';
import { mayFit, take, takes } from '../functions/kinds.ts';
import { PatternError } from '../functions/pattern.ts';
import { asTemplate } from '../functions/written.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Operand } from './nodes.ts';

/** A call of a function that does not exist: what its name is here, or what names there are. */
export function helperProblem(name: string, at: Problem['at']): Problem {
  return problem('E_TEXT_HELPER', { name, similar: nearestFunction(name) }, at);
}

/** What can be known to be wrong with a call before its values are: their number, and the kinds of those that are written out or come from another call. */
export function callProblem(
  definition: AnyFunction,
  {
    name,
    args,
    hash,
    at,
    place,
  }: { name: string; args: readonly Operand[]; hash: boolean; at: Problem['at']; place: Place },
): Problem | undefined {
  const example = exampleOf(name);
  const { least, most } = arity(definition);
  if (hash || args.length < least || args.length > most) {
    const detail = hash ? 'it takes no NAME=VALUE' : `it takes ${counted(least, most)}, not ${args.length}`;
    return problem('E_TEXT_HELPER_ARGS', { name, detail, example }, at);
  }
  const params = Object.entries(definition.params);
  for (const [i, arg] of args.entries()) {
    const [key, param] = params[i] ?? params.at(-1) ?? [];
    if (key === undefined || !param) continue;
    const { start, end } = arg.range;
    if (arg.kind === 'literal') {
      try {
        take(arg.value, param, { name: key, first: i === 0 });
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        return refusal(error, { name, example, at: place(start, end) });
      }
    }
    const inner = arg.kind === 'call' ? functionNamed(arg.helper) : undefined;
    if (inner && !mayFit(inner.result, param)) {
      const detail = `${i === 0 ? 'it takes' : `${key} has to be`} ${takes(param)}, which ${inner.name} does not give`;
      return problem('E_TEXT_HELPER_ARGS', { name, detail, example }, place(start, end));
    }
  }
  return undefined;
}

/** What a function refuses; a wrong pattern is told as everywhere. */
export function refusal(
  error: FunctionError,
  { name, example, at }: { name: string; example: string | undefined; at: Problem['at'] },
): Problem {
  const detail = error.message;
  if (error instanceof PatternError) return problem('E_EXPR_REGEX', { detail }, at);
  return problem('E_TEXT_HELPER_ARGS', { name, detail, example }, at);
}

/** A call of a function as it stands in text; undefined when there is no such function. */
export function exampleOf(name: string): string | undefined {
  const definition = functionNamed(name);
  const [example] = definition?.examples ?? [];
  return definition && example && asTemplate(definition, example).template;
}

function counted(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `${least} or more values`;
  const range = least === most ? String(least) : most === least + 1 ? `${least} or ${most}` : `${least} to ${most}`;
  return `${range} ${range === '1' ? 'value' : 'values'}`;
}
