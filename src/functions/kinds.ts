import type { Value } from '../model/value.ts';
import { parseDuration, parseTime } from './clock.ts';
import type { Kind, Param } from './function.ts';
import { FunctionError } from './function.ts';
import { omitted } from './omitted.ts';
import { patternOf } from './pattern.ts';
import { kindOf } from './words.ts';

const WORDS: Record<Kind, string> = {
  any: 'any value',
  text: 'text',
  pattern: 'a regular expression',
  number: 'a number',
  integer: 'a whole number',
  bool: 'true or false',
  list: 'a list',
  map: 'a mapping',
  time: 'a time',
  duration: 'a duration',
};

/** What a parameter takes, in words. */
export function takes(param: Param): string {
  return kindsOf(param)
    .map((kind) => WORDS[kind])
    .join(' or ');
}

/** The kinds that a parameter takes. */
export function kindsOf({ kind }: Param): readonly Kind[] {
  return typeof kind === 'string' ? [kind] : kind;
}

/** A value as a parameter takes it: a date for a time, text for a number where text is wanted. Throws FunctionError. */
export function take(value: Value, param: Param, { name, first }: { name: string; first: boolean }): unknown {
  const kinds = kindsOf(param);
  if (value === omitted && param.omittable) return value;
  for (const kind of kinds) if (fits(value, kind)) return converted(value, kind);
  if (kinds.includes('text') && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  throw new FunctionError(`${first ? 'it takes' : `${name} has to be`} ${takes(param)}, not ${kindOf(value)}`);
}

/** Whether a result of one kind may be given where another is wanted; a kind that says little is believed. */
export function mayFit(result: Kind, param: Param): boolean {
  const kinds = kindsOf(param);
  if (result === 'any' || kinds.includes('any')) return true;
  const scalars: readonly Kind[] = ['text', 'number', 'integer', 'bool'];
  return kinds.some((kind) => {
    if (kind === result) return true;
    if (kind === 'text') return scalars.includes(result);
    if (kind === 'pattern') return result === 'text';
    if (kind === 'number') return result === 'integer';
    if (kind === 'integer') return result === 'number';
    return (kind === 'time' || kind === 'duration') && scalars.includes(result);
  });
}

function fits(value: Value, kind: Kind): boolean {
  if (value === omitted) return false;
  switch (kind) {
    case 'any':
      return true;
    case 'text':
    case 'pattern':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'time':
    case 'duration':
      return typeof value === 'string' || typeof value === 'number';
  }
}

function converted(value: Value, kind: Kind): unknown {
  if (kind === 'time') return parseTime(value as string | number);
  if (kind === 'duration') return parseDuration(value as string | number);
  // Compiled now, so that a wrong one is found even when the text is never searched.
  if (kind === 'pattern') patternOf(value as string);
  return value;
}
