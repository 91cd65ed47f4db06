import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { functions } from './functions/index.gen.ts';
import { type Argument, FunctionError } from './functions.ts';

export type { ASTNode, ParseResult };

/** What went wrong in the engine, as data. */
export interface EngineFault {
  /** The engine's stable code, or `function` when one of our functions refused its arguments. */
  code: string;
  /** The engine's words, without its code frame. */
  summary: string;
  range?: { start: number; end: number };
}

/** The engine, set up with our functions. One per compiler. */
export interface Engine {
  parse(text: string): ParseResult;
  /** Names that mean a type or a namespace, and so cannot be variables. */
  isTaken(name: string): boolean;
  /** All functions and methods, for "did you mean". */
  functionNames(): string[];
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
  for (const { overloads } of functions) {
    for (const [signature, run] of Object.entries(overloads)) environment.registerFunction(signature, guarded(run));
  }
  return {
    parse: (text) => environment.parse(text),
    isTaken: (name) => environment.hasVariable(name),
    functionNames: () => [...new Set(environment.getDefinitions().functions.map((definition) => definition.name))],
  };
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Lets the engine add the place to what a function refuses. */
function guarded(run: (...args: never[]) => Argument): (...args: never[]) => Argument {
  return (...args) => {
    try {
      return run(...args);
    } catch (error) {
      if (error instanceof FunctionError) throw new EvaluationError({ code: 'function', message: error.message });
      throw error;
    }
  };
}

/** Reads what was thrown; undefined when it does not come from the engine or our functions. */
export function engineFault(error: unknown): EngineFault | undefined {
  if (error instanceof FunctionError) return { code: 'function', summary: error.message };
  if (error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError) {
    return { code: error.code, summary: error.summary, ...(error.range && { range: error.range }) };
  }
  return undefined;
}
