import type { Definition, Group, Host, Inventory } from '../model/inventory.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { breakCycles } from './cycles.ts';
import type { Assignment, Draft, GroupDraft, HostDraft } from './draft.ts';
import { priorityOf, withPriorities } from './priority.ts';
import type { VarsByName } from './vars-files.ts';

/** Variables from group_vars and host_vars. */
export interface FileVars {
  groups: VarsByName;
  hosts: VarsByName;
}

const nothing: FileVars = { groups: new Map(), hosts: new Map() };

/**
 * Works out who is in which group and the layers of every variable, weakest first:
 * `all` < group < child group (by depth, then `ansible_group_priority`, then name) < host, and in each of them: inventory file < vars file.
 */
export function resolveDraft(
  written: Draft,
  sources: string[],
  files: FileVars = nothing,
): { inventory: Inventory; problems: Problem[] } {
  const { draft, priorities, problems } = withPriorities(written);
  adoptOrphans(draft);
  problems.push(...breakCycles(draft.groups), ...sharedNames(draft));
  // Once more, for groups whose only parent was themselves.
  adoptOrphans(draft);
  settleUngrouped(draft);
  const groups = memberships(draft);
  const ranked = byRank(draft.groups, priorities);

  const groupsOfHost = new Map<string, GroupDraft[]>();
  for (const group of ranked)
    for (const host of groups.get(group.name)?.hosts ?? []) {
      const list = groupsOfHost.get(host);
      if (list) list.push(group);
      else groupsOfHost.set(host, [group]);
    }

  const hosts = new Map<string, Host>();
  for (const host of draft.hosts.values()) {
    const itsGroups = groupsOfHost.get(host.name) ?? [];
    hosts.set(host.name, toHost({ host, itsGroups, files }));
  }
  if (!hosts.has('localhost')) hosts.set('localhost', implicitLocalhost(draft, files));
  const names = new Set([...ranked.map((group) => group.name), ...files.groups.keys()]);
  const groupVars = new Map([...names].map((name) => [name, ofGroup(draft.groups.get(name), files.groups.get(name))]));
  return { inventory: { hosts, groups, groupVars, changes: 0, sources }, problems };
}

/** Every group is below `all`. */
function adoptOrphans({ groups }: Draft): void {
  const all = groups.get('all');
  const children = new Set([...groups.values()].flatMap((group) => [...group.children.keys()]));
  for (const name of groups.keys()) if (name !== 'all' && !children.has(name)) all?.children.set(name, undefined);
}

/** Hosts that are in no other group are in `ungrouped`, and only those. */
function settleUngrouped({ groups, hosts }: Draft): void {
  const all = groups.get('all');
  const ungrouped = groups.get('ungrouped');
  const grouped = new Set<string>();
  for (const group of groups.values())
    if (group !== all && group !== ungrouped) for (const host of group.hosts) grouped.add(host);
  for (const host of hosts.keys()) {
    if (grouped.has(host)) ungrouped?.hosts.delete(host);
    else ungrouped?.hosts.add(host);
  }
}

/** A name for both a host and a group would make every pattern with it ambiguous. */
function sharedNames({ hosts, groups }: Draft): Problem[] {
  const problems: Problem[] = [];
  for (const host of hosts.values()) {
    const group = groups.get(host.name);
    if (group)
      problems.push(
        problem('E_HOST_IS_GROUP', { name: host.name }, host.at, group.at && [{ at: group.at, label: 'the group' }]),
      );
  }
  return problems;
}

/** Hosts of every group with those of its children, all in the order of the inventory. */
function memberships({ groups, hosts }: Draft): Map<string, Group> {
  const position = new Map([...hosts.keys()].map((name, index) => [name, index]));
  const members = new Map<string, Set<string>>();
  const collect = (name: string): Set<string> => {
    const known = members.get(name);
    if (known) return known;
    const group = groups.get(name);
    const own = new Set(group?.hosts);
    for (const child of group?.children.keys() ?? []) for (const host of collect(child)) own.add(host);
    members.set(name, own);
    return own;
  };
  const place = (host: string): number => position.get(host) ?? 0;
  return new Map(
    [...groups.values()].map(({ name, children }) => [
      name,
      { name, hosts: [...collect(name)].sort((a, b) => place(a) - place(b)), children: [...children.keys()] },
    ]),
  );
}

/** Groups from weakest to strongest: the longest way down from `all`, then the priority, then the name. */
function byRank(groups: Draft['groups'], priorities: ReadonlyMap<string, number>): GroupDraft[] {
  const parents = new Map<string, string[]>();
  for (const group of groups.values())
    for (const child of group.children.keys()) parents.set(child, [...(parents.get(child) ?? []), group.name]);
  const depths = new Map<string, number>();
  const depth = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const value = Math.max(-1, ...(parents.get(name) ?? []).map(depth)) + 1;
    depths.set(name, value);
    return value;
  };
  const priority = (name: string): number => priorityOf(priorities, name);
  return [...groups.values()].sort(
    (a, b) => depth(a.name) - depth(b.name) || priority(a.name) - priority(b.name) || (a.name < b.name ? -1 : 1),
  );
}

interface HostParts {
  host: HostDraft;
  itsGroups: readonly GroupDraft[];
  files: FileVars;
}

function toHost({ host, itsGroups, files }: HostParts): Host {
  const vars = new Map<string, Definition[]>();
  for (const group of itsGroups) {
    stack(vars, group.vars);
    stack(vars, files.groups.get(group.name));
  }
  stack(vars, host.vars);
  stack(vars, files.hosts.get(host.name));
  return { name: host.name, groups: itsGroups.map((group) => group.name), vars };
}

function ofGroup(group: GroupDraft | undefined, file: ReturnType<VarsByName['get']>): Map<string, Definition[]> {
  const vars = new Map<string, Definition[]>();
  if (group) stack(vars, group.vars);
  stack(vars, file);
  return vars;
}

/** This machine, when the inventory does not list it: in no group, though it has the variables of `all` (as in Ansible). */
function implicitLocalhost({ groups }: Draft, files: FileVars): Host {
  const local = { name: 'ansible_connection', definition: { value: 'local', layer: 'implicit localhost' } };
  const all = groups.get('all');
  const host = toHost({ host: { name: 'localhost', vars: [local] }, itsGroups: all ? [all] : [], files });
  return { ...host, groups: [], implicit: true };
}

function stack(vars: Map<string, Definition[]>, assignments: readonly Assignment[] = []): void {
  for (const { name, definition } of assignments) {
    const list = vars.get(name);
    if (list) list.push(definition);
    else vars.set(name, [definition]);
  }
}
