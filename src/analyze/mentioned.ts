import type { Reference } from '../expr/expression.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { Plan } from '../plan/planned.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/** Every name that a text of the run reads: of tasks, of variables, of the inventory. */
export function mentionedNames(
  plan: Plan,
  inventory: Inventory,
  compile: (definition: Definition) => ValueTemplate | undefined,
): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (references: readonly Reference[]): void => {
    for (const { root } of references) names.add(root);
  };
  const noteAll = (vars: ReadonlyMap<string, ValueTemplate> | undefined): void => {
    for (const { references } of vars?.values() ?? []) note(references);
  };
  noteAll(plan.vars);
  for (const play of plan.plays) {
    noteAll(play.vars);
    for (const { readings, vars } of [...play.tasks, ...play.handlers]) {
      noteAll(vars);
      for (const { references } of readings) note(references);
    }
    for (const host of play.hosts) {
      for (const definitions of inventory.hosts.get(host)?.vars.values() ?? []) {
        const last = definitions.at(-1);
        if (last) note(compile(last)?.references ?? []);
      }
    }
  }
  return names;
}
