import type { Module } from '../model/module.ts';
import type { ParamDeclaration } from '../model/param.ts';
import type { Fields, Value } from '../model/value.ts';
import { facts as factGroups } from '../modules/facts/index.gen.ts';
import { NotYet } from '../render/scope.ts';

/*
 * Values of the right type for what only the run gives, another one each turn, so that both sides of `&&` and `||` are come to.
 */

const BOOLS = [true, false];
const TEXTS = ['x', ''];
const NUMBERS = [1, 0];

/** Fields of results that mean the same in every module; others have no known type. */
const RESULTS: Readonly<Record<string, readonly Value[]>> = {
  changed: BOOLS,
  failed: BOOLS,
  skipped: BOOLS,
  exists: BOOLS,
  rc: NUMBERS,
  size: NUMBERS,
  stdout: TEXTS,
  stderr: TEXTS,
  stdout_lines: [['x'], []],
  stderr_lines: [['x'], []],
  msg: TEXTS,
};

/** All facts, as of some host. */
export function sampleFacts(): (turn: number) => Fields {
  const made = new Map<number, Fields>();
  return (turn) => {
    const known = made.get(turn);
    if (known) return known;
    const sample = Object.fromEntries(factGroups.map(({ name, example }) => [name, likewise(example, turn)]));
    made.set(turn, sample);
    return sample;
  };
}

/** Another value of the same type; lists are empty, or have one text in place of what they hold. */
function likewise(example: Value, turn: number): Value {
  if (typeof example === 'boolean') return pick(BOOLS, turn);
  if (typeof example === 'number') return pick(NUMBERS, turn);
  if (typeof example === 'string') return pick(TEXTS, turn);
  if (Array.isArray(example))
    return pick(example.some((item) => typeof item === 'object') ? [[], []] : [['x'], []], turn);
  return Object.fromEntries(Object.entries(example ?? {}).map(([name, value]) => [name, likewise(value, turn)]));
}

/** Declared parameters; the value that one has now says nothing about its type. */
export function sampleParams(declarations: readonly ParamDeclaration[]): (turn: number) => Fields {
  return (turn) =>
    lazily(
      declarations.map((one, index): [string, Value | undefined] => [one.name, ofType(one, turn >> (index % 2))]),
      'params',
    );
}

/** What a task of a module gives; fields without a known type cannot be read. */
export function sampleResult({ result }: Pick<Module, 'result'>, turn: number): Fields {
  const names = new Set(['changed', 'failed', 'skipped', ...Object.keys(result)]);
  const fields = [...names].map((name, index): [string, Value | undefined] => {
    const values = Object.hasOwn(RESULTS, name) ? RESULTS[name] : undefined;
    return [name, values && pick(values, turn >> (index % 3))];
  });
  return lazily(fields, 'result');
}

function ofType(declaration: ParamDeclaration, turn: number): Value | undefined {
  // One that nothing gives is null: whoever reads it has to ask.
  if (declaration.enum) return pick(declaration.enum, turn);
  switch (declaration.type) {
    case 'bool':
      return pick(BOOLS, turn);
    case 'int':
    case 'number':
    case 'duration':
    case 'size':
      return pick(NUMBERS, turn);
    case 'string':
    case 'path':
    case 'secret':
      return pick(TEXTS, turn);
    default:
      return undefined;
  }
}

function pick(values: readonly Value[], turn: number): Value {
  return values[turn % values.length] ?? null;
}

function lazily(fields: readonly [string, Value | undefined][], what: string): Fields {
  const all = {};
  for (const [name, value] of fields) {
    Object.defineProperty(all, name, {
      enumerable: true,
      get: () => {
        if (value === undefined) throw new NotYet('register', `${what}.${name}`);
        return value;
      },
    });
  }
  return all;
}
