import type { Reference } from '../expr/expression.ts';
import type { Sources } from '../model/span.ts';
import { bodiesAround, type Plan, type PlannedPlay, type PlannedReader, type Reading } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Where } from '../problems/words/analyze.ts';
import { loopNames } from '../render/loop-names.ts';
import { reservedRoots } from '../render/scope.ts';
import { similar } from '../util/similar.ts';
import type { BuiltInFault } from './built-in.ts';
import { type Giver, givenBy } from './givers.ts';
import type { HostClass } from './host-classes.ts';
import { createResultCheck } from './results.ts';
import type { Leaf } from './variables.ts';
import { whereIn } from './where.ts';

/** Where in the run a task stands, for hosts that are alike. */
export interface Position {
  play: PlannedPlay;
  planned: PlannedReader;
  hosts: HostClass;
  /** Whether the inventory gives any host of the play a variable of this name. */
  isSomewhere(name: string): boolean;
  /** What tasks before it have left behind. */
  before: ReadonlyMap<string, readonly Giver[]>;
  /** The hosts of the class for which they have left nothing under a name. */
  without(name: string): readonly string[];
}

/** Why a name has no value, or not this field. */
export interface NameFault {
  hosts: readonly string[];
  /** `always`: wrong whenever it is read; `everywhere`: no host of the play has it; `here`: others have, or another inventory may. */
  missing: 'always' | 'everywhere' | 'here';
  /** No task of the whole run gives it either. */
  isUnknown: boolean;
  tell(hosts: string[], of: number): Problem;
}

/** What judging names needs to know of the run. */
export interface NameFaultsOptions {
  plan: Plan;
  builtIn(reference: Reference, where: () => Where): BuiltInFault | undefined;
  sources: Sources;
}

const RESERVED: ReadonlySet<string> = new Set(reservedRoots);
const RESERVED_ITEMS = ['item', 'index'];

/** Whether a block around a task gives a name to its items. */
function isLoopVariable(planned: PlannedReader, name: string): boolean {
  return [...bodiesAround(planned)].some(({ block }) => loopNames(block).some((each) => each === name));
}

/** Judges what a task reads once variables are followed; undefined when nothing is wrong with it. */
export function createNameFaults({
  plan,
  builtIn,
  sources,
}: NameFaultsOptions): (position: Position, reading: Reading, leaf: Leaf) => NameFault | undefined {
  const resultFault = createResultCheck();
  const later = givers(plan, (play) => [...play.readers, ...play.handlers]);
  const leftOut = givers(plan, (play) => play.leftOut);

  const always = (position: Position, told: Problem | undefined): NameFault | undefined =>
    told && { hosts: position.hosts.hosts, missing: 'always', isUnknown: false, tell: () => told };

  return (position, reading, { reference, through }) => {
    const { root, path, at } = reference;
    const { planned, hosts } = position;
    const where = (): Where => whereIn(sources.get(at.file), at.start);
    const last = through.at(-1);
    const seesTask = last === undefined || last.ofTask;
    const ownNames = loopNames(planned);
    if (ownNames.some((name) => name === root) || (RESERVED_ITEMS.includes(root) && !isLoopVariable(planned, root))) {
      if (!seesTask) return always(position, problem('E_ITEM_OUTSIDE', { name: root, variable: last.name }, at));
      if (!ownNames.some((name) => name === root))
        return always(position, problem('E_ITEM_OUTSIDE', { name: root }, at));
      return reading.role === 'loop' ? always(position, problem('E_ITEM_IN_LOOP', { name: root }, at)) : undefined;
    }
    const own = reading.role === 'after' && seesTask && (root === 'result' || root === planned.task.register);
    if (own) {
      const givenHere: Giver[] = [{ name: root, kind: 'register', planned, play: position.play, at }];
      return always(position, resultFault({ name: root, path, givers: givenHere, own, where, at }));
    }
    if (RESERVED.has(root)) {
      const fault = builtIn(reference, where);
      return fault && { hosts: hosts.hosts, missing: fault.missing, isUnknown: true, tell: () => fault.problem };
    }
    const known = position.before.get(root) ?? [];
    const lacking = position.without(root);
    if (lacking.length === 0) {
      return always(position, resultFault({ name: root, path, givers: known, own: false, where, at }));
    }
    const [giver] = known;
    if (giver) {
      const { task, play } = { task: giver.planned.task.name, play: giver.play.play.name };
      const missing = isHere(position, root, lacking) ? 'here' : 'everywhere';
      const tell = (those: string[]): Problem =>
        problem('E_REGISTER_HOSTS', { name: root, hosts: those, task, play }, at);
      return { hosts: lacking, missing, isUnknown: false, tell };
    }
    const fault = notGiven({ root, reference, planned, last, later: later.get(root), leftOut: leftOut.get(root) });
    if (fault) return { hosts: lacking, missing: 'everywhere', isUnknown: false, tell: () => fault };
    const near = similar(root, namesFor(position, plan, reading));
    return {
      hosts: lacking,
      missing: isHere(position, root, lacking) ? 'here' : 'everywhere',
      isUnknown: true,
      tell: (those, of) => problem('E_NAME_UNKNOWN', { name: root, similar: near, hosts: those, of, in: where() }, at),
    };
  };
}

/** Whether other hosts of the play have the name. */
function isHere({ play, hosts, isSomewhere, before }: Position, name: string, lacking: readonly string[]): boolean {
  const others = play.hosts.length > hosts.hosts.length;
  return isSomewhere(name) || (before.has(name) && (others || lacking.length < play.hosts.length));
}

/** A name that something gives, only not to this task. */
function notGiven(options: {
  root: string;
  reference: Reference;
  planned: PlannedReader;
  last: Leaf['through'][number] | undefined;
  later: Giver | undefined;
  leftOut: Giver | undefined;
}): Problem | undefined {
  const { root, planned, last, later, leftOut } = options;
  const { at } = options.reference;
  if (root === planned.task.register) return problem('E_REGISTER_SELF', { name: root }, at);
  if (last && planned.vars?.has(root)) {
    return problem('E_NAME_OF_TASK', { name: root, variable: last.name }, at);
  }
  const giver = later ?? leftOut;
  if (!giver) return undefined;
  const { task } = giver.planned;
  const also = [{ at: giver.at, label: `"${root}" is given here` }];
  const facts = { name: root, task: task.name };
  return later ? problem('E_REGISTER_LATER', facts, at, also) : problem('E_REGISTER_LEFT_OUT', facts, at, also);
}

function givers(plan: Plan, tasks: (play: PlannedPlay) => readonly PlannedReader[]): ReadonlyMap<string, Giver> {
  const found = new Map<string, Giver>();
  for (const play of plan.plays) {
    for (const giver of tasks(play).flatMap((planned) => givenBy(planned, play))) {
      if (!found.has(giver.name)) found.set(giver.name, giver);
    }
  }
  return found;
}

function* namesFor({ planned, play, hosts, before }: Position, plan: Plan, { role }: Reading): Iterable<string> {
  if (role !== 'loop') yield* loopNames(planned);
  for (const { block, vars, defaults } of bodiesAround(planned))
    yield* [...loopNames(block), ...block.with.keys(), ...vars.keys(), ...defaults.keys()];
  if (role === 'after') yield 'result';
  if (role === 'after' && planned.task.register !== undefined) yield planned.task.register;
  for (const names of [planned.vars, play.vars, plan.vars, hosts.vars, before]) yield* names?.keys() ?? [];
  yield* reservedRoots;
}
