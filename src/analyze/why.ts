import type { Inventory } from '../model/inventory.ts';
import type { Located, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { bodiesAround, isPlannedBlock, type Plan, type PlannedPlay, type PlannedReader } from '../plan/planned.ts';
import { givenBy } from './givers.ts';

/** One place that gives a variable a value. */
export interface Source {
  /** In words: `task vars`, `play vars`, `group web`, `a result of "install"`. */
  layer: string;
  at?: Span;
  /** As written; undefined for what only the run gives. */
  value?: Value;
}

/** Where a variable is read. */
export interface Spot {
  plan: Plan;
  inventory: Inventory;
  host: string;
  /** The plays that are looked at: that of the task, or all that run on the host. */
  plays: readonly PlannedPlay[];
  task?: PlannedReader;
}

/** Every place that gives a variable a value at a spot, the strongest first (docs/architecture.md, "Where a value comes from"). */
export function sourcesOf(name: string, { plan, inventory, host, plays, task }: Spot): Source[] {
  const around = task ? [...bodiesAround(task)] : [];
  const given = around.flatMap(({ block }) => written(`"with" of ${block.task.name}`, block.task.with, name));
  const results = plays.flatMap((play) => resultsIn(play, name, task));
  const own = task ? written(isPlannedBlock(task) ? 'block vars' : 'task vars', task.task.vars, name) : [];
  const inner = around.flatMap(({ block, body }) => [
    ...written(block.task.kind === 'block' ? 'block vars' : `vars of ${block.task.name}`, block.task.vars, name),
    ...(body.role ? written(`vars of the role ${body.role.name}`, body.role.vars, name) : []),
  ]);
  const outer = plays.flatMap(({ play }) => written(`vars of the play "${play.name}"`, play.vars, name));
  const definitions = inventory.hosts.get(host)?.vars.get(name) ?? [];
  const listed = definitions.toReversed().map(({ layer, at, value }): Source => ({ layer, value, ...(at && { at }) }));
  const defaults = around.flatMap(({ body: { role } }) =>
    role ? written(`defaults of the role ${role.name}`, role.defaults, name) : [],
  );
  return [
    ...given,
    ...results,
    ...own,
    ...inner,
    ...outer,
    ...written('playbook vars', plan.playbook.vars, name),
    ...listed,
    ...defaults,
  ];
}

function written(layer: string, fields: Located<Fields> | undefined, name: string): Source[] {
  if (!fields || !Object.hasOwn(fields.value, name)) return [];
  return [{ layer, at: fields.locate([name], 'key'), value: fields.value[name] ?? null }];
}

/** Tasks that may have given it before; without a task, any of the play. */
function resultsIn(play: PlannedPlay, name: string, task: PlannedReader | undefined): Source[] {
  const end = task ? play.readers.indexOf(task) : -1;
  const before = end < 0 ? play.readers : play.readers.slice(0, end);
  return before
    .flatMap((planned) => givenBy(planned, play))
    .filter(
      (giver) =>
        giver.name === name && (giver.role === undefined || (task && [...bodiesAround(task)].includes(giver.role))),
    )
    .reverse()
    .map(({ at, planned, kind }) => ({ layer: `${kind} of the task "${planned.task.name}"`, at }));
}
