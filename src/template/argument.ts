import { FunctionError } from '../expr/functions.ts';
import type { Value } from '../model/value.ts';
import { kindOf } from './nodes.ts';

/** The text of a value as it stands in text; throws FunctionError for lists and mappings. */
export function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new FunctionError(`it takes text, not ${kindOf(value ?? null)}`);
}
