import type { Plan, PlannedPlay, PlannedTask, Reading } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Certainty } from './certainty.ts';
import { createFindings } from './findings.ts';
import type { HostClass } from './host-classes.ts';
import type { NameFault, Position } from './name-faults.ts';
import { type Giver, givenBy } from './results.ts';
import { createFollower, type Follower, type FollowerOptions, type Leaf } from './variables.ts';

/** What looking for names needs. */
export interface NamesOptions {
  plan: Plan;
  /** The hosts of a play, sorted by what variables they have. */
  classesOf(play: PlannedPlay): readonly HostClass[];
  certainty: Certainty;
  faultOf(position: Position, reading: Reading, leaf: Leaf): NameFault | undefined;
}

/**
 * Names that tasks read, themselves or through variables, and that have no value there: undefined, given later or on other hosts,
 * fields that results or facts do not have, variables that need each other.
 * Only what is wrong whenever it is read, or is certain to be read, is reported.
 */
export function findNames(options: NamesOptions): Problem[] {
  const { plan, classesOf } = options;
  const findings = createFindings(options);
  const cycles = createCycles(options.certainty);
  const hostSets = new Map(plan.plays.map((play) => [play, new Set(play.hosts)]));
  const runsOn = (play: PlannedPlay, host: string): boolean => hostSets.get(play)?.has(host) ?? false;
  const before = new Map<string, Giver[]>();
  for (const play of plan.plays) {
    const classes = classesOf(play).map((hosts) => ({
      hosts,
      outer: sharedFollower(plan, play, hosts, cycles.found(play, hosts, undefined)),
    }));
    const isSomewhere = (name: string): boolean => classes.some(({ hosts }) => hosts.vars.has(name));
    const visit = (planned: PlannedTask, given: ReadonlyMap<string, readonly Giver[]>): void => {
      if (planned.readings.length === 0) return;
      const asked = askedBefore(planned);
      for (const { hosts, outer } of classes) {
        const { vars } = planned;
        const cycle = cycles.found(play, hosts, planned);
        const follower = vars ? createFollower({ find: (name) => vars.get(name), outer, ofTask: true, cycle }) : outer;
        const position = positionOf({ planned, play, hosts, before: given, isSomewhere }, runsOn);
        for (const [reading, leaf] of leavesOf(position, follower, asked)) findings.visit(position, reading, leaf);
      }
    };
    for (const planned of play.tasks) {
      visit(planned, before);
      add(before, givenBy(planned, play));
    }
    for (const planned of play.handlers) {
      // A handler may run again after one that stands behind it.
      const others = play.handlers.filter((each) => each !== planned).flatMap((each) => givenBy(each, play));
      visit(planned, others.length === 0 ? before : add(new Map(before), others));
    }
    for (const planned of play.handlers) add(before, givenBy(planned, play));
  }
  return [...cycles.problems, ...findings.problems()];
}

/** Every name that a task needs in the end, without what it asks for first. */
function* leavesOf(
  position: Position,
  follower: Follower,
  asked: (name: string) => boolean,
): Generator<[Reading, Leaf]> {
  const { readings, task } = position.planned;
  for (const reading of readings) {
    for (const reference of reading.references) {
      const { root, at } = reference;
      if (reference.guarded || (reading.role !== 'loop' && asked(root))) continue;
      const isOwn = reading.role === 'after' && (root === 'result' || root === task.register);
      const leaves = isOwn || position.isGiven(root) ? undefined : follower.follow(root, at);
      if (!leaves) yield [reading, { reference, through: [] }];
      else for (const leaf of leaves) yield [reading, leaf];
    }
  }
}

/** What `when` asks about before anything else is read: `has(vars.x)`. Whoever asks is taken to know. */
function askedBefore({ readings, when, task }: PlannedTask): (name: string) => boolean {
  // One that could not be compiled may have asked for anything.
  if (when.length < task.when.length) return () => true;
  const inWhen = readings.filter(({ role }) => role === 'when').flatMap(({ references }) => references);
  if (inWhen.some(({ root, path }) => root === 'vars' && path.length === 0)) return () => true;
  const names = new Set(inWhen.filter(({ guarded }) => guarded).map(({ root }) => root));
  return (name) => names.has(name);
}

function positionOf(
  where: Pick<Position, 'planned' | 'play' | 'hosts' | 'before' | 'isSomewhere'>,
  runsOn: (play: PlannedPlay, host: string) => boolean,
): Position {
  const without = (name: string): string[] => {
    const givers = where.before.get(name) ?? [];
    if (givers.some(({ play }) => play === where.play)) return [];
    return where.hosts.hosts.filter((host) => !givers.some(({ play }) => runsOn(play, host)));
  };
  return { ...where, without, isGiven: (name) => where.before.has(name) && without(name).length === 0 };
}

function sharedFollower(plan: Plan, play: PlannedPlay, { vars }: HostClass, cycle: Cycle): Follower {
  const find = (name: string) => play.vars.get(name) ?? plan.vars.get(name) ?? vars.get(name);
  return createFollower({ find, ofTask: false, cycle });
}

type Cycle = FollowerOptions['cycle'];

/** Each circle is told once, wherever it is entered. */
function createCycles(certainty: Certainty): {
  found(play: PlannedPlay, hosts: HostClass, planned: PlannedTask | undefined): Cycle;
  problems: Problem[];
} {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  return {
    problems,
    found: (play, { hosts }, planned = play.tasks[0]) => {
      return (names, at, guarded) => {
        const key = [...new Set(names)].sort().join(' ');
        const [host, name] = [hosts[0], names[0]];
        if (seen.has(key) || !planned || host === undefined || name === undefined) return;
        if (guarded && !certainty.goesRound({ play, planned, host, given: new Set() }, name)) return;
        seen.add(key);
        problems.push(problem('E_VARIABLE_CYCLE', { names }, at));
      };
    },
  };
}

function add(known: Map<string, Giver[]>, givers: readonly Giver[]): Map<string, Giver[]> {
  for (const giver of givers) known.set(giver.name, [...(known.get(giver.name) ?? []), giver]);
  return known;
}
