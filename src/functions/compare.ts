import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { kindOf } from './words.ts';

/** Orders texts by code unit and numbers by size. Throws FunctionError for anything else and for a mixture. */
export function compare(a: Value, b: Value): number {
  const sameKind = typeof a === 'string' ? typeof b === 'string' : typeof a === 'number' && typeof b === 'number';
  if (!sameKind || a === null || b === null) {
    throw new FunctionError(
      kindOf(a) === kindOf(b)
        ? `${kindOf(a)} cannot be ordered, only text or numbers`
        : 'text and numbers cannot be ordered together',
    );
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same text for equal values, whatever the order of keys. */
export function identity(value: Value): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(identity).join(',')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${identity(item)}`);
  return `{${entries.sort().join(',')}}`;
}

/** Items without those that stand before them, in their order. */
export function distinct(list: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = identity(item);
    return !seen.has(key) && seen.add(key);
  });
}
