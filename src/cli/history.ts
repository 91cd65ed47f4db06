import { type Place, projectName, stateDirectory } from '../journal/paths.ts';
import { readRun } from '../journal/read.ts';
import { readRuns } from '../journal/runs.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import type { ReporterOptions } from '../reporters/options.ts';
import { runsTable } from '../reporters/runs-table.ts';
import { type ShowFilter, showRun } from '../reporters/show-run.ts';
import { createStyle } from '../reporters/style.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs are recorded under the folder that play was started in. */
export function placeOf(around: Surroundings): Place {
  return { stateDir: stateDirectory(around.env, around.home), project: projectName(around.cwd) };
}

/** `play runs`: the recorded runs of this folder, newest first. */
export async function runs(options: { number: string }, around: Surroundings): Promise<number> {
  const limit = Number(options.number);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new ProblemError(problem('E_USAGE', { detail: `-n takes a whole number, not "${options.number}"` }));
  }
  const found = await readRuns({ ...placeOf(around), limit });
  const style = createStyle({ color: around.color, unicode: around.unicode });
  const lines = found.length > 0 ? runsTable(found, style) : ['no run is recorded for this folder yet'];
  around.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** `play show`: what one recorded run did. */
export async function show(run: string | undefined, filter: ShowFilter, around: Surroundings): Promise<number> {
  const recorded = await readRun({ ...placeOf(around), run });
  const options: ReporterOptions = {
    out: around.stdout,
    width: around.width,
    height: around.height,
    color: around.color,
    unicode: around.unicode,
    verbose: false,
    diff: true,
    now: around.now,
  };
  await showRun(recorded, filter, options);
  return 0;
}
