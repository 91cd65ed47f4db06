import type { Value } from '../model/value.ts';

/** A value in words, for the end of a sentence: `the text "yes"`, `the number 5`, `a list`. */
export function describe(value: Value): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'empty text' : `the text "${shortened(value)}"`;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    default:
      return 'a mapping';
  }
}

/** The first line of a text, at most so many characters of it. */
export function shortened(text: string, most = 40): string {
  const trimmed = text.trim();
  const line = trimmed.split('\n', 1)[0] ?? '';
  const chars = [...line.slice(0, 2 * most + 2)];
  return chars.length > most || line.length < trimmed.length ? `${chars.slice(0, most).join('')}…` : line;
}
