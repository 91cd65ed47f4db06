import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { padding } from './padding.ts';
import { kindOf } from './words.ts';

const PLACE = /%([-0+]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;
/** Fills the places of a printf pattern. Throws FunctionError for places without a value, values without a place and values of another kind. */
export function formatted(pattern: string, values: readonly Value[]): string {
  let used = 0;
  const result = pattern.replace(
    PLACE,
    (place, flags: string, width: string, digits: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      if (used >= values.length) throw new FunctionError(`there is no value for ${place}`);
      const value = values[used++] ?? null;
      let text = written(value, { place, letter, digits });
      if (flags.includes('+') && /^[0-9]/.test(text) && letter !== 's') text = `+${text}`;
      const size = Number(width || 0);
      if (flags.includes('-')) return text + padding(text, size, ' ');
      if (!flags.includes('0') || letter === 's') return padding(text, size, ' ') + text;
      const sign = /^[-+]/.exec(text)?.[0] ?? '';
      return sign + padding(text, size, '0') + text.slice(sign.length);
    },
  );
  if (used < values.length)
    throw new FunctionError(`the pattern has ${used} places and there are ${values.length} values`);
  return result;
}

function written(
  value: Value,
  { place, letter, digits }: { place: string; letter: string; digits: string | undefined },
): string {
  if (letter === 's') {
    if (typeof value === 'object') throw new FunctionError(`${place} stands for text, not ${kindOf(value)}`);
    return String(value).slice(0, digits === undefined ? undefined : Number(digits));
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new FunctionError(`${place} stands for a number, not ${kindOf(value)}`);
  }
  if (letter === 'f') return number.toFixed(Math.min(Number(digits ?? 6), 100));
  const radix = { d: 10, i: 10, x: 16, X: 16, o: 8 }[letter];
  if (radix === undefined) throw new FunctionError(`${place} is not known; there are %s %d %f %x %X %o %%`);
  const text = Math.trunc(number).toString(radix);
  return letter === 'X' ? text.toUpperCase() : text;
}
