import type { Fields, Value } from '../../model/value.ts';
import { similar } from '../../util/similar.ts';
import type { Operation } from './sdk.ts';
import { type Schema, type Shape, shapeOf } from './shapes.ts';

/** What is wrong with a value that an operation is to be given, and where. */
export interface InputFault {
  path: (string | number)[];
  detail: string;
  advice?: string;
}

/**
 * Names and types that do not fit what an operation takes; nothing where its package does not say that. Of what the author wrote (not `filledIn`), texts with a template in them are taken for
 * right; once templates are filled in, numbers are right where text is wanted, since nobody has written them.
 */
export function inputFaults(
  operation: Pick<Operation, 'name' | 'input'>,
  given: Value,
  { filledIn = false }: { filledIn?: boolean } = {},
): InputFault[] {
  const look = (part: Schema, value: Value, path: (string | number)[]): InputFault[] => {
    const shape = shapeOf(part);
    if (!filledIn && typeof value === 'string' && value.includes('{{')) return [];
    if (filledIn && shape.kind === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return [];
    const wrong = wrongKind(shape, value);
    if (wrong !== undefined) return [{ path, ...wrong }];
    if (Array.isArray(value))
      return shape.kind === 'list' ? value.flatMap((each, i) => look(shape.item, each, [...path, i])) : [];
    if (typeof value !== 'object' || value === null) return [];
    const entries = Object.entries(value);
    if (shape.kind === 'map') return entries.flatMap(([key, each]) => look(shape.item, each, [...path, key]));
    if (shape.kind !== 'structure' && shape.kind !== 'union') return [];
    const faults = entries.flatMap(([key, each]) =>
      shape.members.has(key) ? look(shape.members.get(key), each, [...path, key]) : [unknownMember(shape, key, path)],
    );
    return [...faults, ...whole(shape, Object.keys(value), { path, operation: operation.name })];
  };
  return operation.input === undefined ? [] : look(operation.input, given, []);
}

/** What is missing, or too much. */
function whole(
  shape: Structure,
  given: readonly string[],
  { path, operation }: { path: InputFault['path']; operation: string },
): InputFault[] {
  const missing = shape.required.filter((name) => !given.includes(name));
  const words = missing.join(' and ');
  if (missing.length > 0 && path.length > 0) return [{ path, detail: `${words} is missing here` }];
  if (missing.length > 0) {
    const advice = `write params: { ${missing.map((name) => `${name}: …`).join(', ')} }`;
    return [{ path, detail: `${operation} needs ${words}`, advice }];
  }
  if (shape.kind === 'structure' || given.length === 1) return [];
  return [{ path, detail: `exactly one of ${[...shape.members.keys()].join(', ')} belongs here` }];
}

/** The input that the SDK wants: bytes from base64, times from ISO 8601 or seconds, JSON where text or bytes are given as a mapping. */
export function toInput(schema: Schema, value: Value): unknown {
  const shape = shapeOf(schema);
  if (value === null) return undefined;
  if (shape.kind === 'bytes' || shape.kind === 'stream')
    return typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(JSON.stringify(value));
  if (shape.kind === 'time') return typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (shape.kind === 'text') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (shape.kind === 'number') return Number(value);
  if (Array.isArray(value)) return shape.kind === 'list' ? value.map((each) => toInput(shape.item, each)) : value;
  if (typeof value !== 'object') return value;
  if (shape.kind === 'map') return mapped(value, () => shape.item);
  if (shape.kind === 'structure' || shape.kind === 'union') return mapped(value, (key) => shape.members.get(key));
  return value;
}

function mapped(value: Fields, schemaOf: (key: string) => Schema): object {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toInput(schemaOf(key), each)]));
}

type Structure = Extract<Shape, { members: unknown }>;

function unknownMember(shape: Structure, key: string, path: InputFault['path']): InputFault {
  const names = [...shape.members.keys()];
  const guess = similar(key, names);
  const advice =
    guess === undefined
      ? `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}`
      : `did you mean ${guess}?`;
  return { path: [...path, key], detail: `there is no "${key}" here`, advice };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What a value should be, where it is something else. */
function wrongKind(shape: Shape, value: Value): Omit<InputFault, 'path'> | undefined {
  if (value === null) return undefined;
  const got = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : JSON.stringify(value);
  const not = (words: string, advice?: string) => ({
    detail: `${got} is not ${words}`,
    ...(advice !== undefined && { advice }),
  });
  switch (shape.kind) {
    case 'text':
      if (typeof value === 'number' || typeof value === 'boolean') return not('text', `write "${value}"`);
      return Array.isArray(value) ? not('text') : undefined;
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
        ? undefined
        : not('a number');
    case 'boolean':
      return typeof value === 'boolean' ? undefined : not('true or false');
    case 'time':
      return isTime(value) ? undefined : not('a time', 'write 2031-02-03T04:05:06Z, or seconds since 1970');
    case 'bytes':
    case 'stream':
      if (typeof value === 'object') return undefined;
      return typeof value === 'string' && base64.test(value)
        ? undefined
        : not('base64', 'bytes are given in base64: {{b64encode text}}');
    case 'list':
      return Array.isArray(value) ? undefined : not('a list', `write [${got === 'a mapping' ? '{…}' : got}]`);
    case 'any':
      return undefined;
    default:
      return typeof value === 'object' && !Array.isArray(value) ? undefined : not('a mapping');
  }
}

function isTime(value: Value): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
