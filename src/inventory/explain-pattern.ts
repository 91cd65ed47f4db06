import type { Inventory } from '../model/inventory.ts';
import type { Problem } from '../problems/problem.ts';
import { matchHosts } from './match-hosts.ts';
import { type Join, splitPattern } from './pattern.ts';

/** What one part of a pattern does to the hosts that are left from the parts before it. */
export interface PatternStep {
  join: Join;
  /** As it is written, its sign included. */
  text: string;
  /** Hosts that it adds, or takes away. */
  hosts: string[];
  /** How many hosts are left behind it. */
  left: number;
}

/** A pattern part by part, in the order in which it is worked out: what is added, then every `&`, then every `!`. */
export function explainPattern(
  inventory: Inventory,
  pattern: string,
): { steps: PatternStep[]; hosts: string[]; problems: Problem[] } {
  const { hosts, problems } = matchHosts(inventory, pattern);
  if (problems.length > 0) return { steps: [], hosts, problems };
  const parts = splitPattern(pattern);
  const of = (join: Join): typeof parts => parts.filter((part) => part.join === join);
  const added = of('add');
  const ordered = [...(added.length > 0 ? added : [{ join: 'add' as const, text: 'all' }]), ...of('and'), ...of('not')];
  let now = new Set<string>();
  const steps = ordered.map(({ join, text }): PatternStep => {
    const matched = new Set(matchHosts(inventory, text).hosts);
    const changed =
      join === 'add'
        ? [...matched].filter((host) => !now.has(host))
        : [...now].filter((host) => matched.has(host) !== (join === 'and'));
    if (join === 'add') now = new Set([...now, ...changed]);
    else for (const host of changed) now.delete(host);
    return { join, text: `${{ add: '', and: '&', not: '!' }[join]}${text}`, hosts: changed, left: now.size };
  });
  return { steps, hosts, problems };
}

/** Names on a line before it says how many more there are. */
const most = 8;

/** The explanation as lines: a table of the parts, then the hosts that are left. */
export function patternLines({ steps, hosts }: { steps: readonly PatternStep[]; hosts: readonly string[] }): string[] {
  const width = Math.max(0, ...steps.map(({ text }) => text.length));
  const table = steps.map(({ join, text, hosts: changed, left }) => {
    const verb = { add: 'adds', and: 'leaves out', not: 'takes away' }[join];
    const what = changed.length === 0 ? 'nobody' : `${changed.length}: ${some(changed)}`;
    return `  ${text.padEnd(width)}  ${verb} ${what}${join === 'add' ? '' : ` (${left} left)`}`;
  });
  const count = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
  return [...table, `${count}${hosts.length === 0 ? '' : ':'}`, ...hosts.map((host) => `  ${host}`)];
}

function some(names: readonly string[]): string {
  const rest = names.length - most;
  return rest <= 1 ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${rest} more`;
}
