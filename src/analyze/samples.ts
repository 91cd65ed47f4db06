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

/** Facts by their dotted name: those that are no text. */
const FACTS: Readonly<Record<string, readonly Value[]>> = {
  'cpus.count': NUMBERS,
  'os.version_major': NUMBERS,
  'os.like': [['x'], []],
  'memory.total': NUMBERS,
  'memory.available': NUMBERS,
  'memory.swap_total': NUMBERS,
  disks: [[], []],
  interfaces: [[], []],
};

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
  const names = factGroups.flatMap((group) => Object.keys(group.fields));
  const made = new Map<number, Fields>();
  return (turn) => {
    const known = made.get(turn);
    if (known) return known;
    const sample: Record<string, Value> = {};
    made.set(turn, sample);
    for (const name of names) {
      const [root = '', field] = name.split('.');
      const value = pick(FACTS[name] ?? TEXTS, turn);
      if (field === undefined) sample[root] = value;
      else if (!Array.isArray(sample[root])) sample[root] = { ...(sample[root] as Fields | undefined), [field]: value };
    }
    return sample;
  };
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
