import type { Inventory } from '../../model/inventory.ts';
import { isPlannedTask, type PlannedPlay, type PlannedTask } from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';

/** Modules that look at other machines, or may. */
const LOOKING = new Set(['wait_for', 'http', 'uri', 'shell', 'command']);

/** Tasks that look at other hosts of a play where nothing waits until these have come as far. */
export function findMissingBarriers({ plan, inventory }: WarningContext): Problem[] {
  return plan.plays.flatMap((play) =>
    play.hosts.length > 1 && play.play.strategy === 'free' ? inPlay(play, inventory) : [],
  );
}

function inPlay(play: PlannedPlay, inventory: Inventory): Problem[] {
  const problems: Problem[] = [];
  let changes = 0;
  for (const planned of play.readers) {
    if (!isPlannedTask(planned)) continue;
    const task = planned;
    if (task.task.barrier || task.task.runOnce) changes = 0;
    const looked = LOOKING.has(task.task.module) ? othersIn(task, play, inventory) : undefined;
    if (looked && changes > 0) {
      problems.push(problem('W_NO_BARRIER', { name: looked.name }, looked.at));
    }
    if (task.module.on !== 'controller') changes += 1;
  }
  return problems;
}

function othersIn(
  { readings }: PlannedTask,
  { hosts }: PlannedPlay,
  { groups }: Inventory,
): { name: string; at: Problem['at'] } | undefined {
  for (const { references } of readings) {
    for (const { root, path, at } of references) {
      const [first] = path;
      const members = first === undefined ? hosts : root === 'groups' ? (groups.get(first)?.hosts ?? []) : [first];
      const isOther = (root === 'groups' || root === 'hosts') && members.some((host) => hosts.includes(host));
      if (isOther) return { name: [root, ...path.slice(0, 1)].join('.'), at };
    }
  }
  return undefined;
}
