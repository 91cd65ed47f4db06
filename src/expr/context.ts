import type { Scope } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import type { Locals } from './expression.ts';
import type { TreeReference } from './references.ts';

/**
 * What the engine reads variables from: only the names that the expression holds, each asked of the scope when it is really read, so that
 * a variable behind `&&` or `?:` costs nothing and cannot fail.
 */
export function contextFor(references: readonly TreeReference[]): (scope: Scope, locals?: Locals) => object {
  const roots = new Set(references.filter((reference) => !reference.throughVars).map((reference) => reference.root));
  const variables = references.filter((reference) => reference.throughVars);
  const names = new Set(variables.map((reference) => reference.root));
  const computed = variables.some((reference) => reference.root === 'vars' && reference.path.length === 0);
  return (scope, locals) => {
    const context = lookup(roots, (name) => locals?.(name) ?? scope.get(name));
    if (variables.length > 0) {
      const known = computed ? scope.names() : names;
      Object.defineProperty(context, 'vars', { value: lookup(known, (name) => scope.get(name)), enumerable: true });
    }
    return context;
  };
}

function lookup(names: Iterable<string>, read: (name: string) => Value | undefined): Fields {
  const object: Fields = Object.create(null);
  for (const name of names) {
    Object.defineProperty(object, name, { get: () => read(name), enumerable: true, configurable: true });
  }
  return object;
}

/** The value at a path, `vars` looked through; undefined when there is none. Never follows what is not an own field. */
export function valueAt(scope: Scope, root: string, path: readonly string[]): unknown {
  const [name = root, ...rest] = root === 'vars' ? path : [root, ...path];
  let value: unknown = root === 'vars' && path.length === 0 ? undefined : scope.get(name);
  for (const field of rest) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
    value = (value as Fields)[field];
  }
  return value;
}
