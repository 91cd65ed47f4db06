import type { PlannedPlay, PlannedReader } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Certainty } from './certainty.ts';
import type { HostClass } from './host-classes.ts';
import type { FollowerOptions } from './variables.ts';

/** Gathers variables that need each other; each circle is told once, wherever it is entered. */
export interface Circles {
  /** To be told of circles on these hosts. */
  watch(where: { play: PlannedPlay; hosts: HostClass; planned?: PlannedReader }): FollowerOptions['cycle'];
  problems(): Problem[];
}

/** Starts with none found. */
export function createCircles(certainty: Certainty): Circles {
  const found = new Map<string, Problem>();
  return {
    watch:
      ({ play, hosts, planned = play.tasks[0] }) =>
      (names, at, guarded) => {
        const key = [...new Set(names)].sort().join(' ');
        const [host, name] = [hosts.hosts[0], names[0]];
        if (found.has(key) || !planned || host === undefined || name === undefined) return;
        if (guarded && !certainty.goesRound({ play, planned, host, given: new Set() }, name)) return;
        found.set(key, problem('E_VARIABLE_CYCLE', { names }, at));
      },
    problems: () => [...found.values()],
  };
}
