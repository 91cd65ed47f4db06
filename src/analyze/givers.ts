import type { Span } from '../model/span.ts';
import { factNames } from '../plan/fact-names.ts';
import {
  bodiesAround,
  isPlannedTask,
  type PlannedBody,
  type PlannedPlay,
  type PlannedReader,
  type PlannedTask,
} from '../plan/planned.ts';

/** A task that leaves a name behind, for the hosts of its play. */
export interface Giver {
  name: string;
  kind: 'register' | 'set_fact';
  planned: PlannedReader;
  play: PlannedPlay;
  /** The role in which the name stays. */
  role?: PlannedBody;
  /** Where the name is given. */
  at: Span;
}

/** The names that a task leaves behind: its register, and what set_fact sets. */
export function givenBy(planned: PlannedReader, play: PlannedPlay): Giver[] {
  const { register, source } = planned.task;
  const role = roleAround(planned);
  const rest = { planned, play, ...(role && { role }) };
  const givers: Giver[] = isPlannedTask(planned) ? factsSetBy(planned, rest) : [];
  if (register !== undefined) {
    givers.unshift({ name: register, kind: 'register', at: source.locate(['register']), ...rest });
  }
  return givers;
}

function factsSetBy(planned: PlannedTask, rest: Pick<Giver, 'planned' | 'play' | 'role'>): Giver[] {
  const { args, source, module } = planned.task;
  return factNames(planned).map((name) => {
    const at = Object.hasOwn(args.value, name) ? args.locate([name], 'key') : source.locate([module], 'key');
    return { name, kind: 'set_fact', at, ...rest };
  });
}

/** The innermost role around a task. */
export function roleAround(planned: { within?: PlannedBody }): PlannedBody | undefined {
  for (const body of bodiesAround(planned)) if (body.body.role) return body;
  return undefined;
}
