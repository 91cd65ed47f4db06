import type { Scope } from '../model/scope.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';

/** "x is not defined", with the nearest name, or advice when the name holds a hyphen. */
export function undefinedName(
  name: string,
  scope: Scope | undefined,
  at: Problem['at'],
  where: 'text' | 'expression' = 'expression',
): Problem {
  const names = scope?.names() ?? [];
  const hyphened = where === 'expression' ? names.find((known) => known.startsWith(`${name}-`)) : undefined;
  const advice =
    hyphened && `"-" is subtraction in an expression; for the variable ${hyphened}, write: vars["${hyphened}"]`;
  return problem('E_NAME_UNDEFINED', { name, similar: similar(name, names), advice, in: where }, at);
}

/** "x has no y", or that x is null, from the value of x. */
export function missingField(
  path: string,
  field: string,
  value: unknown,
  at: Problem['at'],
  where: 'text' | 'expression' = 'expression',
): Problem {
  if (value === null) return problem('E_VALUE_NULL', { path, field, in: where }, at);
  if (Array.isArray(value)) {
    const size = value.length === 1 ? '1 item' : `${value.length} items`;
    return problem('E_FIELD_MISSING', { path: `${path} (a list of ${size})`, field }, at);
  }
  if (typeof value !== 'object') return problem('E_FIELD_MISSING', { path: `${path} (a ${typeof value})`, field }, at);
  const fields = Object.keys(value);
  return problem('E_FIELD_MISSING', { path, field, similar: similar(field, fields), fields: fields.slice(0, 12) }, at);
}
