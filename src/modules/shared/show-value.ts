import type { Value } from '../../model/value.ts';

/** A value for people: text as it is, everything else as JSON over as many lines as it needs. */
export function showValue(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** A value on one line of at most `width` characters: text in quotes, so that an empty one can be seen. */
export function shortValue(value: Value, width = 80): string {
  const text = JSON.stringify(value);
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
