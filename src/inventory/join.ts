import type { Group, Inventory } from '../model/inventory.ts';
import type { Joining } from '../model/module.ts';

/** Adds a host to an inventory, or an old one to groups. Plays that have begun are not touched by it. */
export function join(inventory: Inventory, { host: name, groups, parents, vars }: Joining): void {
  const host = inventory.hosts.get(name) ?? { name, groups: ['all'], vars: new Map() };
  inventory.hosts.set(name, host);
  inventory.changes += 1;
  for (const [key, value] of Object.entries(vars)) {
    host.vars.set(key, [...(host.vars.get(key) ?? []), { value, layer: `add_host ${name}`, data: true }]);
  }
  for (const group of groups) {
    for (const parent of parents) {
      const { children } = groupOf(inventory, parent);
      if (!children.includes(group)) children.push(group);
    }
  }
  for (const group of new Set(['all', ...parents, ...groups])) {
    const { hosts } = groupOf(inventory, group);
    if (!hosts.includes(name)) hosts.push(name);
    if (!host.groups.includes(group)) host.groups.push(group);
  }
}

function groupOf({ groups }: Inventory, name: string): Group {
  const group = groups.get(name) ?? { name, hosts: [], children: [] };
  groups.set(name, group);
  return group;
}
