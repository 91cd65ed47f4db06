import { matchHosts } from '../inventory/match-hosts.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Playbook, Task } from '../model/playbook.ts';
import type { Problem } from '../problems/problem.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { compileVars } from './compile-vars.ts';
import { hasExpressions } from './decisions.ts';
import { planTask } from './plan-task.ts';
import type { Plan, PlannedPlay, PlannedTask } from './planned.ts';
import { runsWithTags, type TagChoice, unknownTags } from './tags.ts';

/** Compiles a playbook against an inventory: hosts of every play, every text and condition. All problems at once. */
export async function planPlaybook(options: {
  playbook: Playbook;
  inventory: Inventory;
  compiler: TextCompiler;
  /** Only these hosts; undefined = all that the plays name. */
  limit?: ReadonlySet<string>;
  tags: TagChoice;
}): Promise<{ plan: Plan; problems: Problem[] }> {
  const { playbook, inventory, compiler, limit, tags } = options;
  const problems: Problem[] = [];
  if (hasExpressions(playbook)) await compiler.load();
  const vars = compileVars(playbook.vars, compiler, problems);
  const plays = playbook.plays.map((play): PlannedPlay => {
    const matched = matchHosts(inventory, play.hosts.value, play.hosts.locate());
    problems.push(...matched.problems);
    const plan = (task: Task): PlannedTask => planTask({ task, play, module: task.definition, compiler, problems });
    const handlers = play.handlers.map(plan);
    const tasks = play.tasks.map(plan);
    return {
      play,
      hosts: matched.hosts.filter((host) => !limit || limit.has(host)),
      tasks: tasks.filter((task) => runsWithTags(task.tags, tags)),
      leftOut: tasks.filter((task) => !runsWithTags(task.tags, tags)),
      handlers,
      vars: compileVars(play.vars, compiler, problems),
      factGroups: [],
    };
  });
  problems.push(...unknownTags(playbook, tags));
  return { plan: { playbook, plays, vars }, problems };
}
