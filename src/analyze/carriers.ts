import type { Inventory } from '../model/inventory.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { isPlannedBlock, type Plan, type PlannedReader } from '../plan/planned.ts';

/** Whether reading a task or a block may lead to texts of some kind, by itself or through variables. A word in common is enough. */
export type MayLead = (planned: PlannedReader) => boolean;

/**
 * Finds the variables by which tasks may come to texts of some kind, so that only those need to be tried on each host. By names alone: of all
 * definitions of a name, one is enough.
 */
export function leadingTo(plan: Plan, inventory: Inventory, isMeant: (text: string) => boolean): MayLead {
  const names = carriers(variableTexts(plan, inventory), isMeant);
  const word = names.size === 0 ? undefined : new RegExp(`\\b(?:${[...names].map(escaped).join('|')})\\b`);
  return ({ readings, task }) => {
    const texts = [...readings.map(({ source }) => source), JSON.stringify(task.source.value) ?? ''];
    return texts.some((text) => isMeant(text) || word?.test(text) === true);
  };
}

/** Variables whose text is meant, or names one whose text is. */
function carriers(
  texts: readonly (readonly [name: string, text: string])[],
  isMeant: (text: string) => boolean,
): Set<string> {
  const found = new Set(texts.filter(([, text]) => isMeant(text)).map(([name]) => name));
  const templates = texts.filter(([, text]) => text.includes('{{'));
  for (let before = -1; found.size > 0 && found.size !== before; ) {
    before = found.size;
    const word = new RegExp(`\\b(?:${[...found].map(escaped).join('|')})\\b`);
    for (const [name, text] of templates) if (!found.has(name) && word.test(text)) found.add(name);
  }
  return found;
}

/** Every definition of a variable, with its text as it is written. */
function variableTexts(plan: Plan, inventory: Inventory): [name: string, text: string][] {
  const layers: (Located<Fields> | undefined)[] = [plan.playbook.vars];
  for (const { play, readers, handlers } of plan.plays) {
    layers.push(play.vars);
    for (const planned of [...readers, ...handlers]) {
      layers.push(planned.task.vars);
      if (!isPlannedBlock(planned)) continue;
      layers.push(planned.task.with);
      for (const { body } of planned.bodies) layers.push(body.role?.vars, body.role?.defaults);
    }
  }
  const written = layers.flatMap((fields) => Object.entries(fields?.value ?? {}));
  const seen = new Set<unknown>();
  for (const { vars } of inventory.hosts.values()) {
    for (const [name, definitions] of vars) {
      const last = definitions.at(-1);
      if (!last || seen.has(last)) continue;
      seen.add(last);
      written.push([name, last.value]);
    }
  }
  for (const [name, value] of plan.set) written.push([name, value]);
  return written.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
