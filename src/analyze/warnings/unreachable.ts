import {
  bodiesAround,
  isPlannedBlock,
  type PlannedNode,
  type PlannedPlay,
  type PlannedReader,
  type PlannedTask,
} from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { ValueTemplate } from '../../template/text-compiler.ts';
import type { WarningContext } from './context.ts';

/** Tasks that no run ever comes to: behind one that always ends the play, or under a condition that never holds. */
export function findUnreachable(context: WarningContext): Problem[] {
  return context.plan.plays.flatMap((play) => {
    const problems: Problem[] = [];
    endOf(play.nodes, problems);
    return [...problems, ...neverMeant(play, context)];
  });
}

/** The task that ends these nodes whatever happens; what stands behind it is told, and nothing behind that. */
function endOf(nodes: readonly PlannedNode[], problems: Problem[]): PlannedTask | undefined {
  let end: PlannedTask | undefined;
  for (const node of nodes) {
    if (end) {
      const at = end.task.source.locate();
      const also = [{ at: { ...at, end: at.start }, label: 'the last task that runs' }];
      problems.push(problem('W_TASK_UNREACHABLE', { after: end.task.name }, node.task.source.locate(['name']), also));
      return end;
    }
    end = isPlannedBlock(node) ? endOfBlock(node, problems) : endsPlay(node) ? node : undefined;
  }
  return end;
}

function endOfBlock(block: Extract<PlannedNode, { bodies: unknown }>, problems: Problem[]): PlannedTask | undefined {
  const ends = block.bodies.map(({ nodes }) => endOf(nodes, problems));
  endOf(block.rescue, problems);
  endOf(block.always, problems);
  const [first] = ends;
  const isSure = block.when.length === 0 && !block.loop && block.rescue.length === 0;
  return isSure && first && ends.every(Boolean) ? first : undefined;
}

function endsPlay({ task }: PlannedTask): boolean {
  if (task.when.length > 0 || task.loop !== undefined || task.runOnce !== undefined) return false;
  if (task.module === 'fail') return !task.ignoreErrors && task.failedWhen.length === 0;
  return task.module === 'meta' && ['end_play', 'end_host'].includes(String(task.args.value['action']));
}

/** Left out by conditions that depend on nothing but what the playbook itself says. */
function neverMeant(play: PlannedPlay, context: WarningContext): Problem[] {
  if (play.hosts.length === 0) return [];
  return [...play.readers, ...play.handlers].flatMap((planned) => {
    const [first] = planned.task.when;
    if (!first || planned.when.length === 0 || !isFixed(planned, play, context)) return [];
    // What is around it is told instead.
    if ([...bodiesAround(planned)].some(({ block }) => context.isSkipped(play, block))) return [];
    if (!context.isSkipped(play, planned)) return [];
    const condition = planned.when.length === 1 ? first.text : undefined;
    return [problem('W_TASK_SKIPPED', { condition, hosts: play.hosts.length }, first.at)];
  });
}

/** Whether conditions read only constants of the playbook: what parameters and inventories say may be otherwise next time. */
function isFixed(planned: PlannedReader, play: PlannedPlay, { plan, inventory }: WarningContext): boolean {
  const inInventory = (name: string): boolean => play.hosts.some((host) => inventory.hosts.get(host)?.vars.has(name));
  const constant = (name: string): ValueTemplate | undefined =>
    planned.vars?.get(name) ?? play.vars.get(name) ?? plan.vars.get(name);
  return planned.when.every((condition) =>
    condition.references.every(({ root }) => !inInventory(root) && constant(root)?.isStatic === true),
  );
}
