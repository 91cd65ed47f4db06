import { matchHosts } from '../inventory/match-hosts.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Playbook } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import type { Problem } from '../problems/problem.ts';
import type { TextCompiler } from '../template/text-compiler.ts';
import { compileVars } from './compile-vars.ts';
import { hasExpressions } from './decisions.ts';
import { joiningNames } from './joining.ts';
import { resolveNotify } from './notify.ts';
import { type Planning, planNodes } from './plan-block.ts';
import { planTask } from './plan-task.ts';
import type { Plan, PlannedNode, PlannedPlay, PlannedReader, PlannedTask } from './planned.ts';
import { isPlannedBlock, isPlannedTask } from './planned.ts';
import { startingAt } from './start-at.ts';
import { runsWithTags, type TagChoice, unknownTags } from './tags.ts';

/** Compiles a playbook against an inventory: hosts of every play, every text and condition. All problems at once. */
export async function planPlaybook(options: {
  playbook: Playbook;
  inventory: Inventory;
  compiler: TextCompiler;
  /** Only these hosts; undefined = all that the plays name. */
  limit?: ReadonlySet<string>;
  tags: TagChoice;
  /** What `--set` gives. */
  set?: ReadonlyMap<string, Value>;
  /** The name of the first task that runs; undefined: from the beginning. */
  startAt?: string;
}): Promise<{ plan: Plan; problems: Problem[] }> {
  const { playbook, inventory, compiler, limit, tags, startAt } = options;
  const problems: Problem[] = [];
  if (hasExpressions(playbook)) await compiler.load();
  const vars = compileVars(playbook.vars, compiler, problems);
  const unmatched: Problem[] = [];
  const start = startingAt(startAt);
  const plays = playbook.plays.map((play): PlannedPlay => {
    const matched = matchHosts(inventory, play.hosts.value, play.hosts.locate());
    unmatched.push(...matched.problems);
    const leftOut: PlannedTask[] = [];
    const planning: Planning = {
      compiler,
      problems,
      leftOut,
      runs: (task) => runsWithTags(task.tags, tags),
      reached: start.reached,
    };
    const own = play.handlers.map((task) => planTask({ ...planning, task, position: { isRescue: false } }));
    const nodes = planNodes(play.nodes, planning, { isRescue: false });
    const readers = [...readersIn(nodes)];
    const inBodies = readers.filter(isPlannedBlock).flatMap(({ bodies }) => bodies.flatMap((body) => body.handlers));
    const planned: PlannedPlay = {
      play,
      hosts: matched.hosts.filter((host) => !limit || limit.has(host)),
      nodes,
      readers,
      tasks: readers.filter(isPlannedTask),
      leftOut,
      handlers: [...own, ...inBodies],
      vars: compileVars(play.vars, compiler, problems),
      factGroups: [],
    };
    resolveNotify(planned, own);
    return planned;
  });
  problems.push(...unknownTags(playbook, tags), ...start.problems());
  const joining = joiningNames(plays);
  const isToCome = ({ code, facts }: Problem): boolean =>
    code === 'E_PATTERN_NO_MATCH' && joining.may((facts as { part: string }).part);
  problems.unshift(...unmatched.filter((each) => !isToCome(each)));
  return {
    plan: {
      playbook,
      plays,
      vars,
      set: options.set ?? new Map(),
      joining,
      known: new Set(inventory.hosts.keys()),
      ...(limit && { limit }),
    },
    problems,
  };
}

/** All nodes, and those in them, in the order of the text. */
function* readersIn(nodes: readonly PlannedNode[]): Generator<PlannedReader> {
  for (const node of nodes) {
    yield node;
    if (!isPlannedBlock(node)) continue;
    for (const body of node.bodies) {
      yield* readersIn(body.nodes);
      if (body.end) yield body.end;
    }
    yield* readersIn(node.rescue);
    yield* readersIn(node.always);
  }
}
