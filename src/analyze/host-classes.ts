import type { Definition, Inventory } from '../model/inventory.ts';
import { unrendered, type ValueTemplate } from '../template/text-compiler.ts';

/** Hosts that differ in nothing that decides which names there are: the same variables, made from the same templates. */
export interface HostClass {
  hosts: string[];
  /** The winning definition of every inventory variable, compiled. */
  vars: ReadonlyMap<string, ValueTemplate>;
}

/** Sorts hosts into classes, so that names are looked up once for each set of variables and not for each host. */
export function hostClasses(
  hosts: readonly string[],
  inventory: Inventory,
  compile: (definition: Definition) => ValueTemplate | undefined,
): HostClass[] {
  const classes = new Map<string, HostClass>();
  const numbers = new Map<ValueTemplate, number>();
  const numberOf = (template: ValueTemplate): number => {
    const number = numbers.get(template) ?? numbers.size;
    numbers.set(template, number);
    return number;
  };
  for (const host of hosts) {
    const vars = new Map<string, ValueTemplate>();
    const parts: string[] = [];
    for (const [name, definitions] of inventory.hosts.get(host)?.vars ?? []) {
      const last = definitions.at(-1);
      if (!last) continue;
      // A faulty one has been reported; its name is known all the same.
      const template = compile(last) ?? unrendered(last.value);
      vars.set(name, template);
      parts.push(template.isStatic ? name : `${name} ${numberOf(template)}`);
    }
    const key = parts.sort().join('\n');
    const known = classes.get(key);
    if (known) known.hosts.push(host);
    else classes.set(key, { hosts: [host], vars });
  }
  return [...classes.values()];
}
