/** A schema as the packages of the SDK carry it: a number, a tuple, a function that gives one. */
export type Schema = unknown;

/** What a schema says of a value. */
export type Shape = { secret: boolean } & (
  | { kind: 'text' | 'boolean' | 'number' | 'bytes' | 'stream' | 'time' | 'any' }
  | { kind: 'list' | 'map'; item: Schema }
  | { kind: 'structure' | 'union'; members: ReadonlyMap<string, Schema>; required: readonly string[] }
);

/** Of a list or map of a simple type, added to the number of that type. */
const LIST = 64;
const MAP = 128;

/** Bits of traits: of something that must not be shown, and of a token that the SDK makes when it is not given. */
const SENSITIVE = 8;
const MADE = 4;

/**
 * Reads a schema. The forms are those of `@smithy/core` (submodule schema): simple types are numbers; `[kind, namespace, name, traits, …]`
 * with kind 0 for a simple type with a name, 1 list, 2 map, 3 structure, -3 error, 4 union; a member with traits is `[schema, traits]`;
 * any of them may be inside of a function. A structure lists its required members first and counts them.
 */
export function shapeOf(schema: Schema, secret = false): Shape {
  if (typeof schema === 'function') return shapeOf((schema as () => Schema)(), secret);
  if (typeof schema === 'number') return simple(schema, secret);
  if (!Array.isArray(schema)) return { kind: 'any', secret };
  if (schema.length === 2) return shapeOf(schema[0], secret || isSensitive(schema[1]));
  const [kind, , , traits, first, second, count] = schema as [number, string, string, unknown, never, never, number?];
  const hides = secret || isSensitive(traits);
  if (kind === 0) return shapeOf(first, hides);
  if (kind === 1) return { kind: 'list', item: first, secret: hides };
  if (kind === 2) return { kind: 'map', item: second, secret: hides };
  if (kind !== 3 && kind !== -3 && kind !== 4) return { kind: 'any', secret: hides };
  const names = first as string[];
  const members = new Map(names.map((each, index) => [each, (second as Schema[])[index]]));
  return {
    kind: kind === 4 ? 'union' : 'structure',
    members,
    required: names.slice(0, count ?? 0).filter((each) => !isMade(members.get(each))),
    secret: hides,
  };
}

function simple(type: number, secret: boolean): Shape {
  if (type >= MAP) return { kind: 'map', item: type - MAP, secret };
  if (type >= LIST) return { kind: 'list', item: type - LIST, secret };
  return { kind: kinds[type] ?? 'any', secret };
}

const kinds: Readonly<Record<number, 'text' | 'boolean' | 'number' | 'bytes' | 'stream' | 'time' | 'any'>> = {
  0: 'text',
  1: 'number',
  2: 'boolean',
  4: 'time',
  5: 'time',
  6: 'time',
  7: 'time',
  15: 'any',
  17: 'number',
  19: 'number',
  21: 'bytes',
  42: 'stream',
};

function isMade(member: Schema): boolean {
  const traits = Array.isArray(member) && member.length === 2 ? member[1] : 0;
  return typeof traits === 'number' ? (traits & MADE) !== 0 : 'idempotencyToken' in (traits as object);
}

function isSensitive(traits: unknown): boolean {
  if (typeof traits === 'number') return (traits & SENSITIVE) !== 0;
  return typeof traits === 'object' && traits !== null && 'sensitive' in traits;
}
