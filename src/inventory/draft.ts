import type { Definition } from '../model/inventory.ts';
import type { Located, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { assign } from './assign.ts';
import { groupNameFault } from './names.ts';

/** A variable and where it was given its value. */
export interface Assignment {
  name: string;
  definition: Definition;
}

/** A host as the files mention it. */
export interface HostDraft {
  name: string;
  at?: Span;
  vars: Assignment[];
}

/** A group as the files mention it: only what was said directly. */
export interface GroupDraft {
  name: string;
  at?: Span;
  hosts: Set<string>;
  children: Map<string, Span | undefined>;
  vars: Assignment[];
}

/** Everything the sources say, in the order it was said, before memberships and layers are worked out. */
export interface Draft {
  hosts: Map<string, HostDraft>;
  groups: Map<string, GroupDraft>;
  problems: Problem[];
}

/** A draft that holds only the two groups that always exist. */
export function newDraft(): Draft {
  const draft: Draft = { hosts: new Map(), groups: new Map(), problems: [] };
  mentionGroup(draft, 'all');
  mentionGroup(draft, 'ungrouped');
  return draft;
}

/** Finds or adds a host; the name has been checked. */
export function mentionHost(draft: Draft, name: string, at?: Span): HostDraft {
  const known = draft.hosts.get(name);
  if (known) return known;
  const host: HostDraft = { name, vars: [], ...(at && { at }) };
  draft.hosts.set(name, host);
  return host;
}

/** Finds or adds a group; undefined, and a problem, when the name cannot be one. */
export function mentionGroup(draft: Draft, name: string, at?: Span): GroupDraft | undefined {
  const known = draft.groups.get(name);
  if (known) {
    if (at && !known.at) known.at = at;
    return known;
  }
  const fault = groupNameFault(name);
  if (fault) {
    draft.problems.push(problem('E_GROUP_NAME', { name, fault }, at));
    return undefined;
  }
  const group: GroupDraft = { name, hosts: new Set(), children: new Map(), vars: [], ...(at && { at }) };
  draft.groups.set(name, group);
  return group;
}

/** What a block of variables is called, and where its problems go. */
export interface BlockOptions {
  /** See Definition.layer. */
  layer: string;
  /** Path of the mapping inside the located value. */
  path: readonly (string | number)[];
  problems: Problem[];
}

/** Reads a mapping of variables; names that cannot be variables become problems. */
export function readAssignments(source: Located<Value>, vars: Fields, options: BlockOptions): Assignment[] {
  const found: Assignment[] = [];
  for (const [name, value] of Object.entries(vars)) {
    const path = [...options.path, name];
    const definition: Definition = { value, layer: options.layer, at: source.locate(path) };
    if (typeof value === 'object') definition.locate = (below = [], side) => source.locate([...path, ...below], side);
    found.push(...assign({ name, definition, key: () => source.locate(path, 'key') }, options.problems));
  }
  return found;
}

/** True for a YAML mapping. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, in words: `a list`, `text`, `nothing`. */
export function kindOf(value: Value | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'a number' : 'true or false';
}
