import type { Build, Path, Step } from '../step.ts';
import { verbOf, verbs } from '../verbs.ts';
import { cast, dates, derive, drop, rename, select } from './columns.ts';
import { cut } from './cut.ts';
import { describe, group, valueCounts } from './groups.ts';
import { join, union } from './join.ts';
import { resample } from './resample.ts';
import { distinct, dropEmpty, fill, filter, head, sample, skip, sort, tail } from './rows.ts';
import { pivot, transpose, unpivot } from './shape.ts';
import { window } from './window.ts';

/** SQL of the author, which reads its input as `data`. */
const sql: Build = async ({ sql: text = { texts: ['FROM data'], values: [] } }, tools) =>
  `WITH data AS (SELECT * FROM ${tools.input.name}) SELECT * FROM (${await tools.text(text)}\n)`;

const builds: Record<string, Build> = {
  filter,
  select,
  drop,
  rename,
  derive,
  sort,
  distinct,
  fill,
  drop_empty: dropEmpty,
  cast,
  dates,
  group,
  join,
  union,
  pivot,
  unpivot,
  transpose,
  cut,
  window,
  resample,
  value_counts: valueCounts,
  describe,
  sample,
  head,
  tail,
  skip,
  sql,
};

/** A step with one thing to do, and where it stands. */
export interface Stage {
  step: Step;
  build: Build;
  path: Path;
}

/** Steps as stages: those of several entries are one stage for each. */
export function stagesOf(steps: readonly Step[]): Stage[] {
  return steps.flatMap((step, i): Stage[] => {
    const name = verbOf(step);
    const build = builds[name];
    if (!build) return [];
    const path: Path = ['steps', i];
    const entries = step[name as keyof Step];
    if (!verbs[name]?.each || typeof entries !== 'object' || entries === null) return [{ step, build, path }];
    return Object.entries(entries).map(([key, entry]) => ({
      step: { ...step, [name]: { [key]: entry } },
      build,
      path,
    }));
  });
}
