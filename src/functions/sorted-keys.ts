import type { Value } from '../model/value.ts';
import { mapping } from './fields.ts';

/** A value with the keys of all its mappings in order, for texts that are the same in every run. */
export function sortedKeys(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortedKeys);
  return mapping(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys(value[key] ?? null)]),
  );
}
