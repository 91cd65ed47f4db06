import { FunctionError } from '../functions/function.ts';
import { omitted } from '../functions/omitted.ts';
import type { Value } from '../model/value.ts';

/**
 * What CEL computed as plain data: integers become numbers, maps objects, timestamps ISO 8601 texts. Keys and items that are `omit` go.
 * Throws FunctionError for what plain data cannot hold.
 */
export function plain(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new FunctionError(`the result is not a number (${value})`);
      return value;
    case 'bigint':
      if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)
        throw new FunctionError(`${value} is too large to be kept exactly; use string(…)`);
      return Number(value);
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      throw new FunctionError(`the result is a ${typeof value}`);
  }
}

function plainObject(value: object): Value {
  if (value === omitted) return omitted;
  if (Array.isArray(value)) return value.filter((item) => item !== omitted).map(plain);
  if (value instanceof Map) return fields([...value].map(([key, item]) => [String(key), item]));
  if (value instanceof Date) return value.toISOString();
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return fields(Object.entries(value));
  // Only a wrapped unsigned integer gives a number here; types, durations, optionals and bytes are objects of the engine's own.
  const inner: unknown = value.valueOf();
  if (typeof inner === 'bigint') return plain(inner);
  throw new FunctionError(`the result is ${described(value)}`);
}

function fields(entries: [string, unknown][]): Value {
  const object: Record<string, Value> = {};
  for (const [key, item] of entries) {
    if (item === omitted) continue;
    Object.defineProperty(object, key, { value: plain(item), enumerable: true, writable: true, configurable: true });
  }
  return object;
}

function described(value: object): string {
  if (value instanceof Uint8Array) return 'bytes; use string(…)';
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object optional]') return 'optional; say what to use in its absence with .orValue(…)';
  return isDuration(value) ? 'a duration; use .getSeconds()' : 'a type, not a value';
}

/** A duration of the engine's, which exports no class to ask for, and whose name a bundler may change. */
export function isDuration(value: unknown): value is { seconds: bigint; nanos: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'nanos' in value &&
    'seconds' in value &&
    typeof value.seconds === 'bigint'
  );
}
