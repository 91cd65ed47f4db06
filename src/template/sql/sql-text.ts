import type { SqlText } from '../../model/module.ts';
import type { Value } from '../../model/value.ts';

/** Whether a rendered value is SQL: nothing else has both of these fields and no other. */
export function isSqlText(value: Value | undefined): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { texts, values } = value as Partial<SqlText>;
  return Array.isArray(texts) && Array.isArray(values) && texts.length === values.length + 1;
}
