import type { Fields, Value } from '../model/value.ts';
import { similar } from '../util/similar.ts';
import { type Schema, type Shape, shapeOf } from './shapes.ts';

/** What is wrong with a value that an operation is to be given, and where. */
export interface InputFault {
  path: (string | number)[];
  detail: string;
  advice?: string;
}

/** Names and types that do not fit an operation's schema. Texts with a template in them are taken for right. */
export function inputFaults(schema: Schema, value: Value, path: (string | number)[] = []): InputFault[] {
  const shape = shapeOf(schema);
  if (typeof value === 'string' && value.includes('{{')) return [];
  const wanted = wrongKind(shape, value);
  if (wanted !== undefined) return [{ path, ...wanted }];
  if (Array.isArray(value))
    return shape.kind === 'list' ? value.flatMap((each, i) => inputFaults(shape.item, each, [...path, i])) : [];
  if (typeof value !== 'object' || value === null) return [];
  if (shape.kind === 'map')
    return Object.entries(value).flatMap(([key, each]) => inputFaults(shape.item, each, [...path, key]));
  if (shape.kind !== 'structure' && shape.kind !== 'union') return [];
  const faults = Object.entries(value).flatMap(([key, each]) =>
    shape.members.has(key)
      ? inputFaults(shape.members.get(key), each, [...path, key])
      : [unknownMember(shape, key, path)],
  );
  const missing = shape.required.filter((name) => value[name] === undefined);
  if (missing.length > 0) faults.push({ path, detail: `${shape.name} needs ${missing.join(' and ')}` });
  if (shape.kind === 'union' && Object.keys(value).length !== 1)
    faults.push({ path, detail: `${shape.name} takes exactly one of ${[...shape.members.keys()].join(', ')}` });
  return faults;
}

/** The input that the SDK wants: bytes from base64, times from ISO 8601 or seconds, JSON where text or bytes are given as a mapping. */
export function toInput(schema: Schema, value: Value): unknown {
  const shape = shapeOf(schema);
  if (value === null) return undefined;
  if (shape.kind === 'bytes' || shape.kind === 'stream')
    return typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(JSON.stringify(value));
  if (shape.kind === 'time') return typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (shape.kind === 'text') return typeof value === 'object' ? JSON.stringify(value) : value;
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

function unknownMember(
  shape: Shape & { members: ReadonlyMap<string, Schema> },
  key: string,
  path: InputFault['path'],
): InputFault {
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
        : not('base64', 'bytes are given in base64: {{base64_encode text}}');
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
