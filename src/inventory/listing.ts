import type { Inventory } from '../model/inventory.ts';
import type { Fields, Value } from '../model/value.ts';

/** What a listing shows of an inventory. */
export interface ListingOptions {
  inventory: Inventory;
  /** The hosts to show, in the order of the inventory. */
  hosts: readonly string[];
  /** The variables of a host that count. */
  varsOf(host: string): Fields;
}

/** Who stands directly in a group: its hosts less those that a child group has anyway. */
export function directHosts(inventory: Inventory, group: string, shown: ReadonlySet<string>): string[] {
  const { hosts = [], children = [] } = inventory.groups.get(group) ?? {};
  const below = new Set(children.flatMap((child) => inventory.groups.get(child)?.hosts ?? []));
  return hosts.filter((host) => !below.has(host) && shown.has(host));
}

/**
 * The inventory in the format that inventory programs print for `--list`, so that it can be read again as one: groups with `hosts` and `children`,
 * and all variables that count in `_meta.hostvars`.
 */
export function listing({ inventory, hosts, varsOf }: ListingOptions): Fields {
  const shown = new Set(hosts);
  const hostvars: Fields = {};
  for (const host of hosts) {
    const vars = varsOf(host);
    if (Object.keys(vars).length > 0) hostvars[host] = vars;
  }
  const groups: Fields = {};
  // Who reads it again meets the hosts in the order of the groups.
  const position = new Map(hosts.map((host, index) => [host, index]));
  const first = (own: readonly string[]): number => position.get(own[0] ?? '') ?? hosts.length;
  const ordered = [...inventory.groups.values()]
    .map((group) => ({ ...group, own: directHosts(inventory, group.name, shown) }))
    .toSorted((a, b) => first(a.own) - first(b.own));
  for (const { name, children, own } of ordered) {
    const kept = children.filter((child) => child === 'ungrouped' || hasShown(inventory, child, shown));
    if (own.length > 0 || kept.length > 0 || (hosts.length === 0 && name === 'all'))
      groups[name] = { ...(own.length > 0 && { hosts: own }), ...(kept.length > 0 && { children: kept }) };
  }
  return { _meta: { hostvars }, ...groups };
}

/** The same in the shape of a YAML inventory: variables at the first place where a host stands. */
export function yamlListing({ inventory, hosts, varsOf }: ListingOptions): Fields {
  const shown = new Set(hosts);
  const said = new Set<string>();
  const entry = (name: string): Value => {
    const children = inventory.groups.get(name)?.children ?? [];
    const own = directHosts(inventory, name, shown);
    const kept = children.filter((child) => hasShown(inventory, child, shown));
    const hostEntries = own.map((host): [string, Fields] => {
      const vars = said.has(host) ? {} : varsOf(host);
      said.add(host);
      return [host, vars];
    });
    return {
      ...(own.length > 0 && { hosts: Object.fromEntries(hostEntries) }),
      ...(kept.length > 0 && { children: Object.fromEntries(kept.map((child) => [child, entry(child)])) }),
    };
  };
  return { all: entry('all') };
}

/** Whether a group has one of the hosts. */
export function hasShown(inventory: Inventory, group: string, shown: ReadonlySet<string>): boolean {
  return (inventory.groups.get(group)?.hosts ?? []).some((host) => shown.has(host));
}
