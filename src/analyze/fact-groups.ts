import type { Reference } from '../expr/expression.ts';
import { isPlannedBlock, type Plan, type PlannedPlay } from '../plan/planned.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';
import type { HostClass } from './host-classes.ts';

/**
 * Names of the groups of facts that the tasks of a run ask for, themselves or through variables; empty when a computed name may ask for any.
 * Facts are gathered once for each host, so all plays share them.
 */
export function factGroups(plan: Plan, classesOf: (play: PlannedPlay) => readonly HostClass[]): string[] {
  const found = new Set<string>();
  for (const play of plan.plays) {
    const references = [...reachable(plan, play, classesOf(play))].filter(({ root }) => root === 'facts');
    // `has(facts.os)` reads both, at the same place.
    const places = new Set(references.filter(({ path }) => path.length > 0).map(placeOf));
    for (const reference of references) {
      const [group] = reference.path;
      if (group !== undefined) found.add(group);
      else if (!places.has(placeOf(reference))) return [];
    }
  }
  return [...found];
}

function placeOf({ at }: Reference): string {
  return `${at.file} ${at.start} ${at.end}`;
}

/** Everything that a play may read: what its tasks name, and what the variables name that they name. */
function* reachable(plan: Plan, play: PlannedPlay, classes: readonly HostClass[]): Generator<Reference> {
  const tasks = [...play.readers, ...play.handlers];
  const bodies = play.readers.flatMap((reader) => (isPlannedBlock(reader) ? reader.bodies : []));
  const layers: ReadonlyMap<string, ValueTemplate>[] = [
    ...tasks.flatMap(({ vars }) => (vars ? [vars] : [])),
    ...bodies.flatMap(({ vars, defaults }) => [vars, defaults]),
    play.vars,
    plan.vars,
    ...classes.map(({ vars }) => vars),
  ];
  const seen = new Set<string>();
  const queue: Reference[] = tasks.flatMap(({ readings }) => readings.flatMap(({ references }) => references));
  for (let next = queue.pop(); next; next = queue.pop()) {
    yield next;
    const { root, path } = next;
    const names = root === 'vars' && path.length === 0 ? layers.flatMap((layer) => [...layer.keys()]) : [root];
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const layer of layers) queue.push(...(layer.get(name)?.references ?? []));
    }
  }
}
