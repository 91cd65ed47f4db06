import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { functionNamed } from '../functions/catalogue.ts';
import { type AnyFunction, FunctionError } from '../functions/function.ts';
import { invoke } from '../functions/invoke.ts';
import { PatternError } from '../functions/pattern.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Value } from '../model/value.ts';
import { type CallNames, callNames } from './call-names.ts';
import { isDuration, plain } from './plain.ts';
import { signatures } from './signatures.ts';

export type { ASTNode, ParseResult };

/** What went wrong in the engine, as data. */
export interface EngineFault {
  /** The engine's stable code; `function` when one of our functions refused its arguments, `pattern` when a regular expression is wrong. */
  code: string;
  /** The engine's words, without its code frame. */
  summary: string;
  range?: { start: number; end: number };
}

/** The engine, set up with our functions. One per compiler. */
export interface Engine {
  /** Calls of our functions stand in the tree under aliases where the engine has the name itself. */
  parse(text: string): ParseResult;
  /** Runs what was parsed. The context is what functions ask about the run. Throws what `engineFault` reads, and ProblemError. */
  run(parsed: ParseResult, variables: object, context: FunctionContext | undefined): unknown;
  /** Names that mean a type or a namespace, and so cannot be variables. */
  isTaken(name: string): boolean;
  /** All functions and methods of CEL itself, for "did you mean". */
  ownNames: ReadonlySet<string>;
  names: CallNames;
}

/** Sets the engine up: dynamic variables, optional types, mixed literals, arithmetic between CEL's integers and JavaScript's numbers, our functions. */
export function createEngine(): Engine {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    // The engine and we go over the tree recursively; nobody writes a longer expression.
    limits: { maxAstNodes: 2000, maxDepth: 100 },
  });
  for (const [operator, apply] of Object.entries(ARITHMETIC)) {
    const handler = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
    for (const types of [`double ${operator} int`, `int ${operator} double`]) {
      environment.registerOperator(`${types}: double`, handler);
    }
  }
  environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
  const ownNames = namesOfEngine();
  const ourOwn = (name: string): AnyFunction | undefined => {
    const definition = functionNamed(name);
    return definition?.cel === undefined ? definition : undefined;
  };
  const names = callNames((name) => ourOwn(name) !== undefined, ownNames);
  const registered = new Set<string>();
  // Evaluating a variable may evaluate another expression on the way, for the same host or another.
  let around: FunctionContext | undefined;
  const register = (name: string): void => {
    const definition = ourOwn(name);
    if (!definition || registered.has(name)) return;
    registered.add(name);
    const handler = handlerOf(definition, () => around);
    for (const signature of signatures(definition, names.aliasOf(name)))
      environment.registerFunction(signature, handler);
  };
  return {
    parse: (text) => environment.parse(names.disguise(text, register)),
    run(parsed, variables, context) {
      const before = around;
      around = context;
      try {
        return parsed(variables as Record<string, unknown>);
      } finally {
        around = before;
      }
    },
    isTaken: (name) => environment.hasVariable(name),
    ownNames,
    names,
  };
}

/** Asked of an environment of its own: one that has listed its functions adds new ones to those of all environments. */
function namesOfEngine(): ReadonlySet<string> {
  const { functions } = new Environment({ enableOptionalTypes: true }).getDefinitions();
  return new Set(functions.map((definition) => definition.name));
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Lets the engine call a function, and add the place to what it refuses. */
function handlerOf(
  definition: AnyFunction,
  context: () => FunctionContext | undefined,
): (...args: unknown[]) => unknown {
  return (...args) => {
    try {
      const result = invoke(definition, args.map(argument), context());
      return definition.result === 'integer' && typeof result === 'number' ? BigInt(result) : result;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const code = error instanceof PatternError ? 'pattern' : 'function';
      throw new EvaluationError({
        code,
        message: code === 'pattern' ? error.message : `${definition.name}(): ${error.message}`,
      });
    }
  };
}

/** What CEL computed, as functions take it: a duration in seconds. */
function argument(value: unknown): Value {
  return isDuration(value) ? Number(value.seconds) + value.nanos / 1e9 : plain(value);
}

/** Reads what was thrown; undefined when it does not come from the engine or our functions. */
export function engineFault(error: unknown): EngineFault | undefined {
  if (error instanceof PatternError) return { code: 'pattern', summary: error.message };
  if (error instanceof FunctionError) return { code: 'function', summary: error.message };
  if (error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError) {
    return { code: error.code, summary: error.summary, ...(error.range && { range: error.range }) };
  }
  return undefined;
}
