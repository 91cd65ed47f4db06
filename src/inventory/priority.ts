import { type Problem, problem } from '../problems/problem.ts';
import type { Draft, GroupDraft } from './draft.ts';

const setting = 'ansible_group_priority';

/** Ansible's default; of groups at one depth the higher number wins. */
const usual = 1;

/**
 * A copy of the draft that can be changed while it is worked out, and the priority of each group. `ansible_group_priority` says something about
 * the group it stands in, and is no variable of the group's hosts.
 */
export function withPriorities(draft: Draft): { draft: Draft; priorities: Map<string, number>; problems: Problem[] } {
  const groups = new Map<string, GroupDraft>();
  const priorities = new Map<string, number>();
  const problems: Problem[] = [];
  for (const group of draft.groups.values()) {
    const said = group.vars.findLast(({ name }) => name === setting)?.definition;
    const number = typeof said?.value === 'string' && /^-?\d+$/.test(said.value) ? Number(said.value) : said?.value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) priorities.set(group.name, number);
    else if (said) problems.push(problem('E_INVENTORY_PRIORITY', { group: group.name }, said.at));
    const vars = said ? group.vars.filter(({ name }) => name !== setting) : group.vars;
    groups.set(group.name, { ...group, vars, hosts: new Set(group.hosts), children: new Map(group.children) });
  }
  return { draft: { ...draft, groups }, priorities, problems };
}

/** The priority of a group. */
export function priorityOf(priorities: ReadonlyMap<string, number>, group: string): number {
  return priorities.get(group) ?? usual;
}
