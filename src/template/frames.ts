import { missingField, undefinedName } from '../expr/name-problems.ts';
import type { Scope } from '../model/scope.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { PathOperand } from './nodes.ts';

/** What a turn of `{{#each}}` or a `{{#with}}` adds to what can be seen. */
export interface Frame {
  /** `this`. */
  value: Value;
  /** `@index`, `@key`, `@first`, `@last`. */
  data: Record<string, Value>;
  /** Names from `as |item i|`. */
  names: Record<string, Value>;
  outer: Frame | undefined;
}

/** Where names are looked up: the blocks around, innermost first, then the scope. */
export interface View {
  scope: Scope;
  frame: Frame | undefined;
}

/** The value of a path, or the reason why there is none. Only own fields of plain data are ever followed. */
export function read(path: PathOperand, view: View, at: Problem['at']): { value: Value } | { problem: Problem } {
  const [value, parts, root] = start(path, view);
  if (value === undefined) return { problem: undefinedName(root, namesOf(view), at, 'text') };
  let current = value;
  for (const [i, part] of parts.entries()) {
    const next = field(current, part);
    if (next === undefined) return { problem: missingField(spell(root, parts.slice(0, i)), part, current, at, 'text') };
    current = next;
  }
  if (current === null) return { problem: problem('E_VALUE_NULL', { path: path.written, in: 'text' }, at) };
  return { value: current };
}

/** Where a path starts, the fields that are left to follow, and how its start is called. */
function start(path: PathOperand, { scope, frame }: View): [Value | undefined, string[], string] {
  const [first = '', ...rest] = path.parts;
  if (path.data) return [frame && field(frame.data, first), rest, `@${first}`];
  if (path.scoped) return [frame?.value, path.parts, 'this'];
  if (first === 'vars' && local('vars', frame) === undefined)
    return [scope.get(rest[0] ?? ''), rest.slice(1), rest[0] ?? 'vars'];
  let from = frame;
  for (let up = path.depth; up > 0 && from; up--) from = from.outer;
  return [local(first, from) ?? scope.get(first), rest, first];
}

/** A name that a block binds: by `as |item|`, or because it is a field of the item. `vars` is never an item's field. */
export function local(name: string, frame: Frame | undefined): Value | undefined {
  for (let one = frame; one; one = one.outer) {
    const bound = field(one.names, name) ?? (name === 'vars' ? undefined : mapField(one.value, name));
    if (bound !== undefined) return bound;
  }
  return undefined;
}

function mapField(value: Value, name: string): Value | undefined {
  return Array.isArray(value) ? undefined : field(value, name);
}

function field(value: Value, name: string): Value | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return value[name];
}

/** The scope with the names of blocks, for "did you mean". */
function namesOf({ scope, frame }: View): Scope {
  const names: string[] = [];
  for (let one = frame; one; one = one.outer) {
    names.push(...Object.keys(one.names));
    if (typeof one.value === 'object' && one.value !== null && !Array.isArray(one.value))
      names.push(...Object.keys(one.value));
  }
  return { ...scope, names: () => [...names, ...scope.names()] };
}

function spell(root: string, parts: string[]): string {
  return parts.reduce((all, part) => all + (/^\d+$/.test(part) ? `[${part}]` : `.${part}`), root);
}
