import type { Definition, Inventory } from '../../model/inventory.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';

/** Variables with different values in two groups of a host, neither of which is below the other: only the names of the groups decide. */
export function findEquallyStrong({ plan, inventory }: WarningContext): Problem[] {
  const depthOf = depths(inventory);
  const found = new Map<Definition, Map<Definition, { name: string; hosts: string[] }>>();
  for (const host of new Set(plan.plays.flatMap(({ hosts }) => hosts))) {
    for (const [name, definitions] of inventory.hosts.get(host)?.vars ?? []) {
      const [winner, loser] = [definitions.at(-1), definitions.at(-2)];
      if (!winner || !loser || !clashes(winner, loser, depthOf)) continue;
      const ofWinner = found.get(winner) ?? new Map<Definition, { name: string; hosts: string[] }>();
      found.set(winner, ofWinner);
      const pair = ofWinner.get(loser) ?? { name, hosts: [] };
      ofWinner.set(loser, pair);
      pair.hosts.push(host);
    }
  }
  return [...found].flatMap(([winner, losers]) =>
    [...losers].map(([loser, { name, hosts }]) => {
      const also = loser.at && [{ at: loser.at, label: 'this one loses' }];
      return problem('W_VARIABLE_TWICE', { name, winner: winner.layer, loser: loser.layer, hosts }, winner.at, also);
    }),
  );
}

function clashes(winner: Definition, loser: Definition, depthOf: ReadonlyMap<string, number>): boolean {
  const [one, other] = [groupOf(winner), groupOf(loser)];
  if (one === undefined || other === undefined || one === other) return false;
  if (depthOf.get(one) !== depthOf.get(other)) return false;
  return JSON.stringify(winner.value) !== JSON.stringify(loser.value);
}

/** The group that a layer speaks of: `group web`, `group_vars/web.yml`, `group_vars/web/ports.yml`. */
function groupOf({ layer }: Definition): string | undefined {
  return (
    /^group (.+)$/.exec(layer)?.[1] ?? /(?:^|\/)group_vars\/([^/]+?)(?:\.(?:ya?ml|json))?(?:\/.*)?$/.exec(layer)?.[1]
  );
}

/** How far each group is below `all`, the longest way. */
function depths({ groups }: Inventory): Map<string, number> {
  const known = new Map<string, number>();
  const go = (name: string, depth: number): void => {
    if ((known.get(name) ?? -1) >= depth) return;
    known.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) go(child, depth + 1);
  };
  go('all', 0);
  return known;
}
