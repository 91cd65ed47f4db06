import type { Definition, Group, Inventory } from '../model/inventory.ts';
import type { Joining } from '../model/module.ts';

/** Adds a host to an inventory, or an old one to groups, with what those groups say. Plays that have begun are not touched by it. */
export function join(inventory: Inventory, { host: name, groups, parents, vars }: Joining): void {
  const host = inventory.hosts.get(name) ?? { name, groups: [], vars: new Map<string, Definition[]>() };
  inventory.hosts.set(name, host);
  inventory.changes += 1;
  for (const parent of parents) {
    const { children } = groupOf(inventory, parent);
    for (const group of groups) if (!children.includes(group)) children.push(group);
  }
  const joined = around(inventory, ['all', ...groups]).filter((group) => !host.groups.includes(group));
  for (const group of joined) {
    groupOf(inventory, group).hosts.push(name);
    host.groups.push(group);
  }
  // What the host itself says, or an earlier group, is stronger.
  const ranked = [...inventory.groupVars].filter(([group]) => joined.includes(group)).reverse();
  for (const [, given] of ranked) {
    for (const [key, definitions] of given) host.vars.set(key, [...definitions, ...(host.vars.get(key) ?? [])]);
  }
  for (const [key, value] of Object.entries(vars)) {
    const own: Definition = { value, layer: `add_host ${name}`, data: true };
    host.vars.set(key, [...(host.vars.get(key) ?? []), own]);
  }
}

/** Groups, and those that they are in. */
function around({ groups }: Inventory, names: readonly string[]): string[] {
  const found = new Set(names);
  for (const name of found) {
    for (const { name: parent, children } of groups.values()) if (children.includes(name)) found.add(parent);
  }
  return [...found];
}

function groupOf({ groups }: Inventory, name: string): Group {
  const group = groups.get(name) ?? { name, hosts: [], children: [] };
  groups.set(name, group);
  return group;
}
