import { matchHosts } from '../inventory/match-hosts.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Module } from '../model/module.ts';
import type { Play, Playbook, Task } from '../model/playbook.ts';
import type { Problem } from '../problems/problem.ts';
import { needsExpressions, type TextCompiler } from '../template/text-compiler.ts';
import { compileVars, planTask } from './plan-task.ts';
import type { Plan, PlannedPlay, PlannedTask } from './planned.ts';

/** Compiles a playbook against an inventory: hosts of every play, every text and condition. All problems at once. */
export async function planPlaybook(options: {
  playbook: Playbook;
  inventory: Inventory;
  modules: Record<string, Module>;
  compiler: TextCompiler;
  /** Only these hosts; undefined = all that the plays name. */
  limit?: ReadonlySet<string>;
  tags: { only: readonly string[]; skip: readonly string[] };
}): Promise<{ plan: Plan; problems: Problem[] }> {
  const { playbook, inventory, modules, compiler, limit, tags } = options;
  const problems: Problem[] = [];
  if (usesExpressions(playbook, modules)) await compiler.load();
  const vars = compileVars(playbook.vars, compiler, problems);
  const plays = playbook.plays.map((play): PlannedPlay => {
    const matched = matchHosts(inventory, play.hosts.value, play.hosts.locate());
    problems.push(...matched.problems);
    const plan = (task: Task): PlannedTask[] => {
      const module = modules[task.module];
      return module ? [planTask({ task, play, module, compiler, problems })] : [];
    };
    const handlers = play.handlers.flatMap(plan);
    const tasks = play.tasks.flatMap(plan);
    return {
      play,
      hosts: matched.hosts.filter((host) => !limit || limit.has(host)),
      tasks: tasks.filter((task) => tagged(task, tags)),
      handlers,
      vars: compileVars(play.vars, compiler, problems),
      factGroups: [],
    };
  });
  return { plan: { playbook, plays, vars }, problems };
}

/** Ansible's rules: `always` runs unless skipped by name, `never` only when asked for by name. */
function tagged(task: PlannedTask, tags: { only: readonly string[]; skip: readonly string[] }): boolean {
  const has = (list: readonly string[]): boolean => task.tags.some((tag) => list.includes(tag));
  if (has(tags.skip) || (tags.skip.includes('tagged') && task.tags.length > 0)) return false;
  if (tags.skip.includes('untagged') && task.tags.length === 0) return false;
  if (task.tags.includes('never') && !has(tags.only)) return false;
  if (tags.only.length === 0 || task.tags.includes('always') || tags.only.includes('all')) return true;
  if (tags.only.includes('tagged') && task.tags.length > 0) return true;
  if (tags.only.includes('untagged') && task.tags.length === 0) return true;
  return has(tags.only);
}

/** The CEL engine is loaded only for playbooks that decide something. */
function usesExpressions(playbook: Playbook, modules: Record<string, Module>): boolean {
  const inTask = (task: Task): boolean =>
    task.when.length + task.changedWhen.length + task.failedWhen.length + task.until.length > 0 ||
    typeof task.loop?.value === 'string' ||
    moduleDecides(task) ||
    needsExpressions(JSON.stringify(task.args.value)) ||
    needsExpressions(JSON.stringify(task.loop?.value ?? '')) ||
    needsExpressions(JSON.stringify(task.vars?.value ?? '')) ||
    needsExpressions(task.name);
  const moduleDecides = ({ module }: Task): boolean =>
    (modules[module]?.conditions ?? modules[module]?.expressions) !== undefined;
  const inPlay = (play: Play): boolean =>
    needsExpressions(JSON.stringify(play.vars?.value ?? '')) || [...play.tasks, ...play.handlers].some(inTask);
  return needsExpressions(JSON.stringify(playbook.vars?.value ?? '')) || playbook.plays.some(inPlay);
}
