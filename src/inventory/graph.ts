import type { Value } from '../model/value.ts';
import { cleanText } from '../util/clean-text.ts';
import { directHosts, hasShown, type ListingOptions } from './listing.ts';

/** What the tree of groups shows. */
export interface GraphOptions extends ListingOptions {
  /** With the variables of every host. */
  vars: boolean;
}

/** The groups as a tree, as `ansible-inventory --graph` draws it: `@group:`, child groups first (`ungrouped` before the others), then hosts. When hosts are left out, so are their groups. */
export function graphLines(options: GraphOptions): string[] {
  return ['@all:', ...below(options, 'all', 1)];
}

function below(options: GraphOptions, group: string, depth: number): string[] {
  const { inventory, hosts } = options;
  const shown = new Set(hosts);
  const indent = '  |'.repeat(depth);
  const whole = [...inventory.hosts.values()].every((host) => host.implicit || shown.has(host.name));
  const all = inventory.groups.get(group)?.children ?? [];
  const children = (whole ? all : all.filter((child) => hasShown(inventory, child, shown))).toSorted(
    (a, b) => Number(b === 'ungrouped') - Number(a === 'ungrouped'),
  );
  return [
    ...children.flatMap((child) => [`${indent}--@${child}:`, ...below(options, child, depth + 1)]),
    ...directHosts(inventory, group, shown).flatMap((host) => [
      `${indent}--${host}`,
      ...vars(options, host, depth + 1),
    ]),
  ];
}

function vars({ varsOf, vars: wanted }: GraphOptions, host: string, depth: number): string[] {
  if (!wanted) return [];
  const indent = '  |'.repeat(depth);
  return Object.entries(varsOf(host))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${indent}--{${name} = ${shown(value)}}`);
}

function shown(value: Value): string {
  return cleanText(typeof value === 'string' ? value : JSON.stringify(value));
}
