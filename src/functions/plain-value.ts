import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';

/** What a reader of a format gives as plain data: dates become texts, large numbers must be exact. Throws FunctionError. */
export function plainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new FunctionError(`${value} is not a number that values can hold`);
    return value;
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new FunctionError(`${value} is too large to be kept exactly`);
    return number;
  }
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const entries = value instanceof Map ? [...value] : Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plainValue(item)]));
}
