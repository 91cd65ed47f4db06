import type { Plan, PlannedPlay } from '../plan/planned.ts';
import { readsFile } from '../plan/readings.ts';
import type { Problem } from '../problems/problem.ts';
import type { Certainty } from './certainty.ts';
import type { HostClass } from './host-classes.ts';

const FILES = new Set<string>(['E_FILE_MISSING', 'E_FILE_IS_DIRECTORY', 'E_FILE_UNREADABLE']);

/** Files of the controller that texts read by the function `file`, for sure, and that are not there. */
export function findMissingFiles(options: {
  plan: Plan;
  classesOf(play: PlannedPlay): readonly HostClass[];
  certainty: Certainty;
  given: ReadonlySet<string>;
}): Problem[] {
  const { plan, classesOf, certainty, given } = options;
  const found = new Map<string, Problem>();
  for (const play of plan.plays) {
    const hosts = classesOf(play).flatMap((alike) => alike.hosts.slice(0, 1));
    for (const planned of [...play.tasks, ...play.handlers]) {
      const readings = planned.readings.filter(({ source }) => readsFile(source));
      for (const [reading, host] of readings.flatMap((one) => hosts.map((name) => [one, name] as const))) {
        for (const problem of certainty.faults({ play, planned, host, given }, reading)) {
          const at = problem.at ?? planned.task.source.locate();
          if (FILES.has(problem.code)) found.set(`${problem.code} ${at.file} ${at.start}`, { ...problem, at });
        }
      }
    }
  }
  return [...found.values()];
}
