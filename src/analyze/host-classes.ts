import type { Definition, Inventory } from '../model/inventory.ts';
import { unrendered, type ValueTemplate } from '../template/text-compiler.ts';

/** Hosts that are alike in everything that decides which names have a value: the same variables, whose texts read the same names. */
export interface HostClass {
  hosts: string[];
  /** The winning definition of every inventory variable, compiled; those of the first host stand for all. */
  vars: ReadonlyMap<string, ValueTemplate>;
  /** The same hosts, those apart whose variables are written in different places: to tell each place that is wrong. */
  parts(): readonly HostClass[];
}

/** How hosts are sorted. */
export interface HostClassesOptions {
  hosts: readonly string[];
  inventory: Inventory;
  compile(definition: Definition): ValueTemplate | undefined;
  /** Names that any text reads: only these can make a difference. */
  mentioned: ReadonlySet<string>;
}

/** Sorts hosts into classes, so that names are looked up once for each set of variables and not for each host. */
export function hostClasses(options: HostClassesOptions): HostClass[] {
  const { hosts, mentioned } = options;
  const all = hosts.map((host) => ({ host, vars: compiledVars(host, options) }));
  return groupBy(all, ({ vars }) => keyOf(vars, mentioned, readsOf)).map((alike) => ({
    ...classOf(alike),
    parts: () => {
      const numbers = new Map<ValueTemplate, string>();
      const numberOf = (template: ValueTemplate): string => {
        const number = numbers.get(template) ?? String(numbers.size);
        numbers.set(template, number);
        return number;
      };
      return groupBy(alike, ({ vars }) => keyOf(vars, mentioned, numberOf)).map((same) => {
        const part: HostClass = { ...classOf(same), parts: () => [part] };
        return part;
      });
    },
  }));
}

interface HostVars {
  host: string;
  vars: ReadonlyMap<string, ValueTemplate>;
}

function classOf(hosts: readonly HostVars[]): Pick<HostClass, 'hosts' | 'vars'> {
  return { hosts: hosts.map(({ host }) => host), vars: hosts[0]?.vars ?? new Map() };
}

function compiledVars(host: string, { inventory, compile }: HostClassesOptions): ReadonlyMap<string, ValueTemplate> {
  const vars = new Map<string, ValueTemplate>();
  for (const [name, definitions] of inventory.hosts.get(host)?.vars ?? []) {
    const last = definitions.at(-1);
    // A faulty one has been reported; its name is known all the same.
    if (last) vars.set(name, compile(last) ?? unrendered(last.value));
  }
  return vars;
}

/** The names of variables, with what tells their texts apart. */
function keyOf(
  vars: ReadonlyMap<string, ValueTemplate>,
  mentioned: ReadonlySet<string>,
  mark: (template: ValueTemplate) => string,
): string {
  const parts: string[] = [];
  for (const [name, template] of vars) {
    if (mentioned.has(name)) parts.push(template.isStatic ? name : `${name} ${mark(template)}`);
  }
  return parts.sort().join('\n');
}

function readsOf({ references }: ValueTemplate): string {
  return references.map(({ root, path, guarded }) => `${guarded ? '?' : ''}${[root, ...path].join('.')}`).join(' ');
}

function groupBy<T>(list: readonly T[], keyFor: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyFor(one);
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}
