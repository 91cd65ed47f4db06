import type { Reference } from '../expr/expression.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { Playbook } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { isPlannedBlock, type Plan } from '../plan/planned.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';

/** Every name that a text of the run reads: of tasks, of variables, of the inventory. */
export function mentionedNames(
  plan: Plan,
  inventory: Inventory,
  {
    compile,
    compiler,
  }: { compile: (definition: Definition) => ValueTemplate | undefined; compiler: Pick<TextCompiler, 'compileValue'> },
): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (references: readonly Reference[]): void => {
    for (const { root } of references) names.add(root);
  };
  const noteAll = (vars: ReadonlyMap<string, ValueTemplate> | undefined): void => {
    for (const { references } of vars?.values() ?? []) note(references);
  };
  noteAll(plan.vars);
  for (const text of textsOf(plan.playbook)) note(compiler.compileValue(text).value?.references ?? []);
  for (const play of plan.plays) {
    noteAll(play.vars);
    for (const reader of [...play.readers, ...play.handlers]) {
      const { readings, vars } = reader;
      noteAll(vars);
      for (const { references } of readings) note(references);
      if (!isPlannedBlock(reader)) continue;
      for (const { vars: own, defaults, outputs } of reader.bodies)
        for (const layer of [own, defaults, outputs]) noteAll(layer);
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

/** Texts of a playbook that no play has: of its reports and its log. */
function textsOf({ reports, logging }: Playbook): Located<Fields>[] {
  const told = reports.flatMap(({ mail, webhook }) => [mail, webhook].flatMap((way) => way ?? []));
  return [...told, ...(logging ? [...logging.file, ...logging.syslog, ...logging.webhook] : [])];
}
