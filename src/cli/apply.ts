import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { Sources } from '../model/span.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { createBinding } from '../saved/binding.ts';
import { valueHash } from '../saved/hash.ts';
import { readPlan } from '../saved/plan-file.ts';
import { inputHashes, recordable } from './announce.ts';
import type { RunOptions } from './options.ts';
import { savedParams } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { run } from './run.ts';
import type { Surroundings } from './surroundings.ts';

type Ready = NonNullable<Prepared['ready']>;

/** What `play apply` can be told: all that a plan does not hold. */
export type ApplyOptions = Omit<RunOptions, 'inventory' | 'limit' | 'tags' | 'skipTags' | 'paramsFile'>;

/** `play apply PLAN`: runs what the plan says. Throws ProblemError when the plan is none, or no longer fits. */
export async function apply(file: string, options: ApplyOptions, around: Surroundings): Promise<number> {
  const plan = readPlan(resolve(around.cwd, file), file);
  const missing = changedFiles(plan, around.cwd);
  if (missing) throw new ProblemError(missing);
  const saved = plan.options as unknown as RunOptions;
  const knownHosts = options.knownHosts.length > 0 ? options.knownHosts : saved.knownHosts;
  const param = [...saved.param, ...options.param];
  return run(plan.playbook, { ...saved, ...options, knownHosts, param }, around, {
    prepared(ready, sources) {
      const problems = outdated(plan, ready, sources);
      if (problems.length > 0) throw new ProblemError(problems);
      return { binding: createBinding(plan) };
    },
  });
}

/** Files of the plan that are not what they were. */
function changedFiles(plan: SavedPlan, cwd: string): Problem | undefined {
  const changed: string[] = [];
  const removed: string[] = [];
  for (const [path, sum] of Object.entries(plan.files)) {
    try {
      const now = createHash('sha256')
        .update(readFileSync(resolve(cwd, path)))
        .digest('hex');
      if (now !== sum) changed.push(path);
    } catch {
      removed.push(path);
    }
  }
  if (changed.length + removed.length === 0) return undefined;
  return problem('E_SAVED_PLAN_FILES', { changed, removed, added: [] });
}

/** What else is not as it was planned: files that are new, hosts, their variables, parameters. */
function outdated(plan: SavedPlan, ready: Ready, sources: Sources): Problem[] {
  const problems: Problem[] = [];
  const added = Object.keys(inputHashes(ready.files, sources)).filter((path) => plan.files[path] === undefined);
  if (added.length > 0) problems.push(problem('E_SAVED_PLAN_FILES', { changed: [], removed: [], added }));
  for (const [index, { play, hosts }] of ready.plan.plays.entries()) {
    const planned = plan.plays[index]?.hosts ?? [];
    if (JSON.stringify(planned) !== JSON.stringify(hosts)) {
      problems.push(problem('E_SAVED_PLAN_HOSTS', { play: play.name, planned, now: hosts }));
    }
  }
  const vars = recordable(ready.inventory).hosts;
  const others = Object.entries(plan.hosts).filter(
    ([name, host]) => vars[name] !== undefined && valueHash(plan.salt, vars[name]) !== host.vars,
  );
  if (others.length > 0) problems.push(problem('E_SAVED_PLAN_VARS', { hosts: others.map(([name]) => name) }));
  const params = savedParams(plan.salt, ready);
  for (const name of new Set([...Object.keys(params), ...Object.keys(plan.params)])) {
    const [one, other] = [params[name], plan.params[name]];
    if (valueHash(plan.salt, (one ?? null) as never) === valueHash(plan.salt, (other ?? null) as never)) continue;
    problems.push(problem('E_SAVED_PLAN_PARAM', { name, secret: one !== undefined && 'secret' in one }));
  }
  return problems;
}
