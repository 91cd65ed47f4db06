import type { FunctionContext } from '../model/function-context.ts';
import type { Sources } from '../model/span.ts';
import type { Plan, PlannedPlay, PlannedTask, Reading } from '../plan/planned.ts';
import { readsFile } from '../plan/readings.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { type Certainty, CONDITIONAL, type Occasion } from './certainty.ts';
import type { HostClass } from './host-classes.ts';

/** What looking for files that functions read needs. */
export interface FunctionFilesOptions {
  plan: Plan;
  /** Every text that was read: where none calls `file`, there is nothing to look for. */
  sources: Sources;
  classesOf(play: PlannedPlay): readonly HostClass[];
  certainty: Certainty;
  functionContext(host: string): FunctionContext;
  given: ReadonlySet<string>;
}

/**
 * Files of the controller that the function `file` will read, for sure, and that are not there. As with the files of modules, those of
 * tasks that are certainly skipped may be missing.
 */
export function findMissingFiles(options: FunctionFilesOptions): Problem[] {
  const { plan, classesOf, certainty, given } = options;
  if (![...options.sources.values()].some(readsFile)) return [];
  const found = new Map<string, Problem>();
  const look = (planned: PlannedTask, play: PlannedPlay): void => {
    for (const { hosts } of classesOf(play)) {
      const [host] = hosts;
      const occasion = host !== undefined && { play, planned, host, given };
      if (!occasion || certainty.isSkipped(occasion)) continue;
      for (const problem of planned.readings.flatMap((reading) => missingIn(reading, occasion, options))) {
        const at = problem.at ?? planned.task.args.locate();
        found.set(`${problem.code} ${at.file} ${at.start}`, { ...problem, at });
      }
    }
  };
  for (const play of plan.plays) for (const planned of [...play.tasks, ...play.handlers]) look(planned, play);
  return [...found.values()];
}

const FILES = new Set<string>(['E_FILE_MISSING', 'E_FILE_IS_DIRECTORY', 'E_FILE_UNREADABLE']);
const WRITTEN_OUT = /\bfile\s*\(?\s*(?:"([^"{}]+)"|'([^'{}]+)')/g;

/** What is missing by reading a text; where not everything that it reads is known, the files whose names are written out. */
function missingIn(reading: Reading, occasion: Occasion, options: FunctionFilesOptions): Problem[] {
  const { certainty, functionContext } = options;
  const problems = certainty.faults(occasion, reading).filter(({ code }) => FILES.has(code));
  if (problems.length > 0 || CONDITIONAL.test(reading.source)) return problems;
  return [...reading.source.matchAll(WRITTEN_OUT)].flatMap(([, double, single]) => {
    try {
      functionContext(occasion.host).readFile(double ?? single ?? '');
      return [];
    } catch (error) {
      if (error instanceof ProblemError) return error.problems;
      throw error;
    }
  });
}
