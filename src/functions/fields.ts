import type { Fields, Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { kindOf } from './words.ts';

/** A field of an item, which may lie deeper: `address.city`. Throws FunctionError when the item is no mapping or lacks it. */
export function fieldOf(item: Value, key: string): Value {
  const value = fieldAt(item, key);
  if (value !== undefined) return value;
  if (typeof item !== 'object' || item === null)
    throw new FunctionError(`the items have to be mappings; one is ${kindOf(item)}`);
  const fields = Object.keys(item);
  throw new FunctionError(`an item has no "${key}"; it has ${fields.slice(0, 8).join(', ') || 'nothing'}`);
}

/** The value at a dotted path, where a number is the place in a list; undefined when there is none. */
export function fieldAt(value: Value, path: string): Value | undefined {
  if (own(value, path) !== undefined) return own(value, path);
  let current: Value | undefined = value;
  for (const part of path.split('.')) {
    current = own(current, part);
    if (current === undefined) return undefined;
  }
  return current;
}

function own(value: Value | undefined, key: string): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^-?\d+$/.test(key) ? value.at(Number(key)) : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A mapping from its entries, in which `__proto__` is a key like any other. */
export function mapping(entries: Iterable<readonly [string, Value]>): Fields {
  return Object.fromEntries(entries);
}
