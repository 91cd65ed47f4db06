import type { Module } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import { nearest, type RawIssue } from './nearest.ts';
import { loaders } from './validators/index.gen.ts';

/** A compiled schema: a generated file of validators/, or the schema of a module that is not ours. */
export interface Compiled {
  validate: { (value: unknown): boolean; errors?: RawIssue[] | null };
  /** Names that each closed mapping takes, by the schema path of its `additionalProperties`. */
  allowed: Record<string, string[]>;
}

/** Checks parameters that hold no template any more; empty = they fit. Never changes the value: no coercion, no defaults. */
export type Validator = (value: unknown) => SchemaIssue[];

/** Loads the check of one module's parameters; calls of the result are synchronous. Throws when there is no such module: a bug of the caller. */
export async function loadValidator(name: string): Promise<Validator> {
  const loader = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!loader) throw new Error(`no compiled validator for a module called "${name}"`);
  return createValidator(await loader());
}

/** What a compiled schema finds, as the issues that the parser puts into words. */
export function createValidator({ validate, allowed }: Compiled): Validator {
  return (value) => {
    if (validate(value)) return [];
    return nearest(validate.errors ?? []).map((raw) => issue(raw, value, allowed));
  };
}

/** Checks the parameters of one of our own modules. */
export async function validateParams(module: Pick<Module, 'name'>, value: unknown): Promise<SchemaIssue[]> {
  return (await loadValidator(module.name))(value);
}

function issue(raw: RawIssue, value: unknown, allowed: Compiled['allowed']): SchemaIssue {
  const params = { ...raw.params };
  if (raw.keyword === 'type') params['type'] = [raw.params['type']].flat();
  if (raw.keyword === 'additionalProperties') params['allowed'] = allowed[raw.schemaPath] ?? [];
  return { path: pathOf(raw.instancePath, value), keyword: raw.keyword, params, message: raw.message ?? '' };
}

/** A JSON pointer as keys and, inside lists, indexes. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown>)[key];
      return key;
    });
}
