import type { Plan, PlannedPlay, PlannedReader } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type Giver, givenBy } from './givers.ts';

/** Results that take the place of a variable of the playbook: whoever reads the variable later gets something else. */
export function findHiddenVariables(plan: Plan): Problem[] {
  const problems: Problem[] = [];
  for (const play of plan.plays) {
    for (const planned of [...play.readers, ...play.handlers]) {
      for (const giver of givenBy(planned, play)) {
        // What is registered in a role stays in it.
        const hidden = giver.kind === 'register' && !giver.role ? hiddenBy(giver, plan) : undefined;
        if (!hidden) continue;
        const { name } = giver;
        const also = [{ at: hidden.at, label: 'the variable' }];
        const at = planned.task.source.locate(['register']);
        problems.push(problem('E_REGISTER_HIDES', { name, layer: hidden.layer }, at, also));
      }
    }
  }
  return problems;
}

interface Hidden {
  layer: string;
  at: NonNullable<Problem['at']>;
}

/** The variable that a result hides: of the playbook, of a play that comes no earlier and shares a host, of a task that comes later. */
function hiddenBy({ name, planned, play }: Giver, plan: Plan): Hidden | undefined {
  const ofBook = plan.playbook.vars;
  if (ofBook && plan.vars.has(name)) return { layer: 'playbook', at: ofBook.locate([name], 'key') };
  for (const later of plan.plays.slice(plan.plays.indexOf(play))) {
    if (!shareHosts(play, later)) continue;
    const ofPlay = later.play.vars;
    if (ofPlay && later.vars.has(name)) return { layer: `play "${later.play.name}"`, at: ofPlay.locate([name], 'key') };
    const after = later === play ? tasksAfter(play, planned) : [...later.readers, ...later.handlers];
    for (const { task, vars } of after) {
      if (task.vars && vars?.has(name)) return { layer: `task "${task.name}"`, at: task.vars.locate([name], 'key') };
    }
  }
  return undefined;
}

function tasksAfter({ readers, handlers }: PlannedPlay, planned: PlannedReader): PlannedReader[] {
  const all = [...readers, ...handlers];
  return all.slice(all.indexOf(planned) + 1);
}

function shareHosts(one: PlannedPlay, other: PlannedPlay): boolean {
  return one === other || one.hosts.some((host) => other.hosts.includes(host));
}
