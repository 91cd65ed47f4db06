import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { omitted } from './omitted.ts';

/** `a mapping`, `a list`, `text` … for messages. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (value === omitted) return 'omit';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false';
}

/** The beginning of a value for a message: enough to know it again, and too little to give a secret away. */
export function shown(value: string): string {
  if (value.length <= 20) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, 12)).slice(0, -1)}…"`;
}

/** An item of a list as text; throws FunctionError for lists, mappings and null. */
export function itemText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new FunctionError(`the items have to be text or numbers; one is ${kindOf(value)}`);
}
