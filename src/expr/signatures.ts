import type { AnyFunction, Kind } from '../functions/function.ts';
import { arity } from '../functions/invoke.ts';
import { kindsOf } from '../functions/kinds.ts';

/** CEL's types for what a parameter takes. Timestamps and durations of CEL are taken too. */
const TYPES: Record<Kind, readonly string[]> = {
  any: ['dyn'],
  text: ['string'],
  pattern: ['string'],
  number: ['double', 'int'],
  integer: ['double', 'int'],
  bool: ['bool'],
  list: ['list'],
  map: ['map'],
  time: ['string', 'double', 'int', 'google.protobuf.Timestamp'],
  duration: ['string', 'double', 'int', 'google.protobuf.Duration'],
};

/** What an expression may take a result for before it is run. A number may be compared with whole ones, so little is said of it. */
const RESULTS: Record<Kind, string> = {
  any: 'dyn',
  text: 'string',
  pattern: 'string',
  number: 'dyn',
  integer: 'int',
  bool: 'bool',
  list: 'list<dyn>',
  map: 'map<string, dyn>',
  time: 'string',
  duration: 'dyn',
};

/** How many values the last parameter takes in an expression when it may be given several times; more go into a list. */
const MOST_REPEATED = 6;

/** The CEL signatures of a function under a name: `name(a, b)` and `a.name(b)`, for every number and every mixture of kinds of arguments. */
export function signatures(definition: AnyFunction, name: string): string[] {
  const types = Object.values(definition.params).map((param) => [
    ...new Set(kindsOf(param).flatMap((kind) => TYPES[kind])),
  ]);
  const { least, most } = arity(definition);
  const longest = Number.isFinite(most) ? most : types.length + MOST_REPEATED - 1;
  const last = types.at(-1) ?? [];
  const result = RESULTS[definition.result];
  const all: string[] = [];
  for (let count = least; count <= longest; count += 1) {
    for (const args of mixtures(
      Array.from({ length: count }, (_, i) => types[i] ?? last),
      definition,
    )) {
      const [receiver, ...rest] = args;
      all.push(`${name}(${args.join(', ')}): ${result}`);
      if (receiver) all.push(`${receiver}.${name}(${rest.join(', ')}): ${result}`);
    }
  }
  return all;
}

/** Repeated arguments are of one kind each time or unknown, so that their mixtures stay few. */
function mixtures(types: readonly (readonly string[])[], definition: AnyFunction): string[][] {
  const singles = Object.values(definition.params).filter((param) => !param.rest).length;
  return types.reduce<string[][]>(
    (all, some, i) =>
      all.flatMap((args) => (i >= singles && some.length > 1 ? ['dyn'] : some).map((one) => [...args, one])),
    [[]],
  );
}
