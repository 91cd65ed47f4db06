import { isAbsolute, resolve } from 'node:path';
import type { ParamDeclaration, ParamType } from '../model/param.ts';
import type { Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { describe } from '../parse/describe.ts';
import { parseDuration } from '../parse/duration.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { parseSize } from './size.ts';

/** The value in its type, or what is wrong with it. */
export type Checked = { value: Value; problem?: undefined } | { problem: Problem };

/** Where a value came from: for messages, and for paths that are not absolute. */
export interface Origin {
  at?: Span;
  /** Said in place of a line of a file: `--version`, `SHOP_VERSION`. */
  from?: string;
  /** The folder that a relative path is in; it stays relative without one. */
  dir?: string;
}

const WANTED: Readonly<Record<ParamType, string>> = {
  string: 'text',
  secret: 'text',
  path: 'a path',
  enum: 'one of its values',
  int: 'a whole number',
  number: 'a number',
  bool: 'true or false',
  list: 'a list',
  map: 'a mapping',
  duration: 'a length of time, such as 30, 500ms, 2s, 10m, 1h',
  size: 'a size, such as 512, 10M, 1.5GiB',
};

/** Checks a value of YAML or JSON against its declaration. A secret is never shown in a problem. */
export function checkParamValue(declaration: ParamDeclaration, value: Value, origin: Origin = {}): Checked {
  const typed = converted(declaration.type, value, origin);
  const { name, secret } = declaration;
  // The line of a file would show the secret.
  const at = secret ? undefined : origin.at;
  const from = origin.from ?? (secret ? origin.at?.file : undefined);
  const facts = { name, from, found: secret ? 'what was given' : describe(value) };
  if (typed === undefined) {
    return {
      problem: problem('E_PARAM_GIVEN', { ...facts, wanted: `must be ${WANTED[declaration.type]}` }, origin.at),
    };
  }
  const detail = refused(declaration, typed);
  if (detail === undefined) return { value: typed };
  return { problem: problem('E_PARAM_GIVEN', { ...facts, ...detail }, at) };
}

function converted(type: ParamType, value: Value, { dir }: Origin): Value | undefined {
  switch (type) {
    case 'string':
    case 'secret':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    case 'path':
      if (typeof value !== 'string' || value === '') return undefined;
      return dir === undefined || isAbsolute(value) ? value : resolve(dir, value);
    case 'enum':
      return value;
    case 'int':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'number':
      // YAML keeps the text of 1.0, which is a number all the same.
      if (typeof value === 'string' && /^[-+]?[0-9]+(?:\.[0-9]+)?$/.test(value)) return Number(value);
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'list':
      return Array.isArray(value) ? value : undefined;
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    case 'duration': {
      const milliseconds = parseDuration(value);
      return milliseconds === undefined ? undefined : milliseconds / 1_000;
    }
    case 'size':
      return parseSize(value);
  }
}

function refused(declaration: ParamDeclaration, value: Value): { wanted: string; similar?: string } | undefined {
  const { enum: allowed, pattern, min, max } = declaration;
  if (allowed && !allowed.includes(value)) {
    const near = typeof value === 'string' && !declaration.secret ? similar(value, allowed.map(String)) : undefined;
    return { wanted: `must be one of ${allowed.join(', ')}`, ...(near !== undefined && { similar: near }) };
  }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(String(value))) {
    return { wanted: `must match ${pattern}` };
  }
  const [amount, unit] = amountOf(value);
  if (amount === undefined) return undefined;
  if (min !== undefined && amount < min) return { wanted: `must ${unit ? 'have' : 'be'} at least ${min}${unit}` };
  if (max !== undefined && amount > max) return { wanted: `must ${unit ? 'have' : 'be'} at most ${max}${unit}` };
  return undefined;
}

function amountOf(value: Value): [number | undefined, string] {
  if (typeof value === 'number') return [value, ''];
  if (typeof value === 'string') return [[...value].length, ' characters'];
  return Array.isArray(value) ? [value.length, ' entries'] : [undefined, ''];
}
