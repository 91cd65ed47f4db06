import type { Located, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { isFields } from './draft.ts';
import { flag, knownKeys, type Path, type Shape, shapeFault } from './shape.ts';

/** An expression and where it stands. */
export interface WrittenExpression {
  text: string;
  at: Span;
}

/** Groups named after a value: one for each value that hosts have. */
export interface KeyedGroup {
  key: WrittenExpression;
  prefix: string;
  separator: string;
  /** Whether a name without a prefix begins with the separator. */
  leading: boolean;
  parent?: { name: string; at: Span };
  /** Stands for an empty value. */
  empty?: string;
  /** Whether the name of a pair without a value ends with the separator. */
  trailing: boolean;
}

/** What a file says about groups and variables that follow from those of other sources. */
export interface Constructed {
  file: string;
  /** Whether a variable that a host does not have is a problem; else the host is only left out. */
  strict: boolean;
  compose: Map<string, WrittenExpression & { key: Span }>;
  groups: Map<string, WrittenExpression & { key: Span }>;
  keyed: KeyedGroup[];
  /** The hosts that it is about; undefined: all. */
  only?: ReadonlySet<string>;
}

const plugins = ['constructed', 'ansible.builtin.constructed'];
/** The keys of all files that may have constructed groups. */
export const constructedKeys = ['strict', 'compose', 'groups', 'keyed_groups', 'leading_separator'];
/** Keys of Ansible's that ask for what play does anyway, or does not have. */
const harmless =
  'plugin use_vars_plugins use_extra_vars cache cache_connection cache_plugin cache_prefix cache_timeout'.split(' ');
const keyedKeys = ['key', 'prefix', 'separator', 'parent_group', 'default_value', 'trailing_separator'];

/** Whether a file is about constructed groups: it has `constructed:` at the top, or `plugin:` as Ansible's files have. */
export function isConstructed({ value }: Located<Value>): boolean {
  if (!isFields(value)) return false;
  const own = value['constructed'];
  const isGroup =
    isFields(own) &&
    Object.keys(own).length > 0 &&
    Object.keys(own).every((key) => ['hosts', 'children', 'vars'].includes(key));
  return typeof value['plugin'] === 'string' || (own !== undefined && own !== null && !isGroup);
}

/** Reads such a file; mistakes of its shape are problems. */
export function readConstructed(
  { root, file }: { root: Located<Value>; file: string },
  problems: Problem[],
): Constructed | undefined {
  if (!isFields(root.value)) return undefined;
  const { plugin } = root.value;
  if (typeof plugin === 'string' && !plugins.includes(plugin)) {
    problems.push(problem('E_CONSTRUCTED_PLUGIN', { plugin }, root.locate(['plugin'])));
    return undefined;
  }
  const path = typeof plugin === 'string' ? [] : ['constructed'];
  const body = path.length === 0 ? root.value : (root.value['constructed'] ?? null);
  const shape: Shape = { root, problems };
  if (path.length > 0)
    knownKeys(shape, root.value, { path: [], part: 'a file with constructed groups', known: ['constructed'] });
  if (!isFields(body)) return shapeFault(shape, path, { part: 'constructed', wants: 'a mapping', value: body });
  const known = path.length === 0 ? [...constructedKeys, ...harmless] : constructedKeys;
  const part = path.length === 0 ? `the plugin ${plugin}` : 'constructed';
  knownKeys(shape, body, { path, part, known, tell: constructedKeys });
  return readConstruction(shape, { path, body, file });
}

/** Reads what is the same in all files that may have constructed groups; their keys have been checked. */
export function readConstruction(
  shape: Shape,
  { path, body, file }: { path: Path; body: Fields; file: string },
): Constructed {
  return {
    file,
    strict: flag(shape, [...path, 'strict'], body['strict'] ?? false),
    compose: expressions(shape, [...path, 'compose'], body['compose']),
    groups: expressions(shape, [...path, 'groups'], body['groups']),
    keyed: keyedGroups(shape, path, body),
  };
}

function keyedGroups(shape: Shape, path: Path, body: Fields): KeyedGroup[] {
  const list = body['keyed_groups'] ?? [];
  const leading = flag(shape, [...path, 'leading_separator'], body['leading_separator'] ?? true);
  if (!Array.isArray(list)) {
    shapeFault(shape, [...path, 'keyed_groups'], { part: 'keyed_groups', wants: 'a list', value: list });
    return [];
  }
  return list.flatMap((entry, index) => {
    const here = [...path, 'keyed_groups', index];
    if (!isFields(entry))
      return (
        shapeFault(shape, here, { part: 'an entry of keyed_groups', wants: 'a mapping with a key', value: entry }) ?? []
      );
    knownKeys(shape, entry, { path: here, part: 'an entry of keyed_groups', known: keyedKeys });
    const { key, prefix = '', separator = '_', parent_group: parent, default_value: empty } = entry;
    const trailing = flag(shape, [...here, 'trailing_separator'], entry['trailing_separator'] ?? true);
    const expressed = expression(shape, [...here, 'key'], key);
    for (const [name, value] of Object.entries({ prefix, separator, parent_group: parent, default_value: empty }))
      if (value !== undefined && typeof value !== 'string')
        shapeFault(shape, [...here, name], { part: name, wants: 'text', value });
    if (!expressed || typeof prefix !== 'string' || typeof separator !== 'string') return [];
    return [
      {
        key: expressed,
        prefix,
        separator,
        leading,
        trailing,
        ...(typeof parent === 'string' && {
          parent: { name: parent, at: shape.root.locate([...here, 'parent_group']) },
        }),
        ...(typeof empty === 'string' && { empty }),
      },
    ];
  });
}

function expressions(shape: Shape, path: Path, value: Value | undefined): Constructed['groups'] {
  const found: Constructed['groups'] = new Map();
  if (value === undefined || value === null) return found;
  if (!isFields(value)) {
    shapeFault(shape, path, { part: String(path.at(-1)), wants: 'names with an expression each', value });
    return found;
  }
  for (const [name, text] of Object.entries(value)) {
    const written = expression(shape, [...path, name], text);
    if (written) found.set(name, { ...written, key: shape.root.locate([...path, name], 'key') });
  }
  return found;
}

/** `true` and `3` are expressions too. */
function expression(shape: Shape, path: Path, value: Value | undefined): WrittenExpression | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return { text: String(value), at: shape.root.locate(path) };
  return shapeFault(shape, path, { part: String(path.at(-1)), wants: 'an expression', value: value ?? null });
}
