import type { Located } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { kindOf } from './draft.ts';

/** A way down into a file. */
export type Path = readonly (string | number)[];

/** A file that is read, and where its mistakes go. */
export interface Shape {
  root: Located<Value>;
  problems: Problem[];
}

/** Which keys a part of a file may have. */
export interface KeysOf {
  path: Path;
  /** How the part is called in messages. */
  part: string;
  known: readonly string[];
  /** Those that are worth telling, when not all are. */
  tell?: readonly string[];
}

/** A problem for each key that is not known. */
export function knownKeys(
  { root, problems }: Shape,
  fields: Fields,
  { path, part, known, tell = known }: KeysOf,
): void {
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    const near = similar(key, known);
    const facts = { part, key, known: [...tell], ...(near !== undefined && { similar: near }) };
    problems.push(problem('E_CONSTRUCTED_KEY', facts, root.locate([...path, key], 'key')));
  }
}

/** A problem for a value that has the wrong shape. `got` says more than what kind of value it is. */
export function shapeFault(
  { root, problems }: Shape,
  path: Path,
  { part, wants, value, got = kindOf(value) }: { part: string; wants: string; value: Value; got?: string },
): undefined {
  problems.push(problem('E_CONSTRUCTED_SHAPE', { part, wants, got }, root.locate(path)));
  return undefined;
}

/** Reads `true` or `false`; anything else is a problem, and false. */
export function flag(shape: Shape, path: Path, value: Value): boolean {
  if (typeof value !== 'boolean') shapeFault(shape, path, { part: String(path.at(-1)), wants: 'true or false', value });
  return value === true;
}

/** A problem for text with `{{ }}` where none is filled in; true when it is. */
export function refusesTemplate(
  { root, problems }: Shape,
  path: Path,
  { part, value }: { part: string; value: Value },
): boolean {
  const isTemplate = typeof value === 'string' && value.includes('{{');
  if (isTemplate) problems.push(problem('E_AWS_INVENTORY_TEMPLATE', { part }, root.locate(path)));
  return isTemplate;
}
