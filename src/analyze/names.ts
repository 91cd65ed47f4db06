import {
  bodiesAround,
  type Plan,
  type PlannedBody,
  type PlannedPlay,
  type PlannedReader,
  type Reading,
} from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';
import { loopNames, rescueNames } from '../render/loop-names.ts';
import { unrendered } from '../template/text-compiler.ts';
import type { Certainty } from './certainty.ts';
import { type Circles, createCircles } from './circles.ts';
import { createFindings } from './findings.ts';
import { type Giver, givenBy } from './givers.ts';
import type { HostClass } from './host-classes.ts';
import type { NameFault, Position } from './name-faults.ts';
import { createFollower, type Follower, type Leaf } from './variables.ts';

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
  const { plan, classesOf, faultOf } = options;
  const findings = createFindings(options.certainty);
  const circles = createCircles(options.certainty);
  const hostSets = new Map(plan.plays.map((play) => [play, new Set(play.hosts)]));
  const runsOn = (play: PlannedPlay, host: string): boolean => hostSets.get(play)?.has(host) ?? false;
  const before = new Map<string, Giver[]>();

  for (const play of plan.plays) {
    const classes = classesOf(play);
    const followerOf = sharedFollowers(plan, play, circles);
    const isSomewhere = (name: string): boolean => classes.some(({ vars }) => vars.has(name));

    const followerIn = bodyFollowers(play, circles, followerOf);

    const faultsOn = (planned: PlannedReader, hosts: HostClass, given: Position['before']): Found[] => {
      const position: Position = { planned, play, hosts, before: given, isSomewhere, without: () => [] };
      position.without = withoutOf(position, runsOn);
      const { vars, within } = planned;
      const outer = within ? followerIn(within, hosts) : followerOf(hosts);
      const cycle = circles.watch({ play, planned, hosts });
      const follower = vars ? createFollower({ find: (name) => vars.get(name), outer, ofTask: true, cycle }) : outer;
      return leavesOf(position, follower, plan.set).flatMap(({ reading, leaf }) => {
        const fault = faultOf(position, reading, leaf);
        return fault ? [{ position, reading, leaf, fault }] : [];
      });
    };

    const visit = (planned: PlannedReader, given: Position['before']): void => {
      for (const alike of classes) {
        if (faultsOn(planned, alike, given).length === 0) continue;
        for (const hosts of alike.parts()) {
          for (const found of faultsOn(planned, hosts, given)) findings.add(found);
        }
      }
    };

    for (const planned of play.readers) {
      visit(planned, visibleTo(planned, before));
      add(before, givenBy(planned, play));
    }
    for (const planned of play.handlers) {
      // A handler may run again after one that stands behind it.
      const others = play.handlers.filter((each) => each !== planned).flatMap((each) => givenBy(each, play));
      const all = others.length === 0 ? before : add(new Map(before), others);
      visit(planned, visibleTo(planned, all));
    }
    for (const planned of play.handlers) add(before, givenBy(planned, play));
  }
  return [...circles.problems(), ...findings.problems()];
}

/** A name that is wrong, and where it is read. */
interface Found {
  position: Position;
  reading: Reading;
  leaf: Leaf;
  fault: NameFault;
}

/** Followers of the variables that are no task's own, one for each class of hosts. */
function sharedFollowers(plan: Plan, play: PlannedPlay, circles: Circles): (hosts: HostClass) => Follower {
  const known = new Map<HostClass, Follower>();
  return (hosts) => {
    let follower = known.get(hosts);
    if (!follower) {
      const find = (name: string) =>
        plan.set.has(name) ? unrendered(null) : (play.vars.get(name) ?? plan.vars.get(name) ?? hosts.vars.get(name));
      follower = createFollower({ find, ofTask: false, cycle: circles.watch({ play, hosts }) });
      known.set(hosts, follower);
    }
    return follower;
  };
}

/** Followers of the variables of bodies, one for each body and class of hosts. What `with` and loops give has no text of its own. */
function bodyFollowers(
  play: PlannedPlay,
  circles: Circles,
  outermost: (hosts: HostClass) => Follower,
): (body: PlannedBody, hosts: HostClass) => Follower {
  const known = new Map<PlannedBody, Map<HostClass, Follower>>();
  const followerIn = (body: PlannedBody, hosts: HostClass): Follower => {
    const ofBody = known.get(body) ?? new Map<HostClass, Follower>();
    known.set(body, ofBody);
    const done = ofBody.get(hosts);
    if (done) return done;
    const { block, vars, defaults } = body;
    const outer = block.within ? followerIn(block.within, hosts) : outermost(hosts);
    const given = new Map([...block.with.keys(), ...loopNames(block)].map((name) => [name, unrendered(null)]));
    const find = (name: string) =>
      given.get(name) ?? vars.get(name) ?? (outer.has(name) ? undefined : defaults.get(name));
    const follower = createFollower({ find, outer, ofTask: false, cycle: circles.watch({ play, hosts }) });
    ofBody.set(hosts, follower);
    return follower;
  };
  return followerIn;
}

/** What a task sees of what tasks before it have left behind: results of a role stay in it. */
function visibleTo(planned: PlannedReader, before: ReadonlyMap<string, Giver[]>): Position['before'] {
  const roles = new Set<PlannedBody>();
  for (const body of bodiesAround(planned)) if (body.body.role) roles.add(body);
  const visible = new Map<string, Giver[]>();
  for (const [name, givers] of before) {
    const seen = givers.every(({ role }) => !role)
      ? givers
      : givers.filter(({ role }) => role === undefined || roles.has(role));
    if (seen.length > 0) visible.set(name, seen);
  }
  return visible;
}

/** Every name that a task needs in the end, without what it asks for first. */
function leavesOf(position: Position, follower: Follower, set: Plan['set']): { reading: Reading; leaf: Leaf }[] {
  const { planned, before, without } = position;
  const asked = askedBefore(planned);
  const found: { reading: Reading; leaf: Leaf }[] = [];
  for (const reading of planned.readings) {
    for (const reference of reading.references) {
      const { root, at, guarded } = reference;
      if (guarded || set.has(root) || (reading.role !== 'loop' && asked(root))) continue;
      if (planned.isRescue && rescueNames.some((name) => name === root)) continue;
      const isOwn = reading.role === 'after' && (root === 'result' || root === planned.task.register);
      const isGiven = isOwn || (before.has(root) && without(root).length === 0);
      const leaves = isGiven ? undefined : follower.follow(root, at);
      if (!leaves) found.push({ reading, leaf: { reference, through: [] } });
      else for (const leaf of leaves) found.push({ reading, leaf });
    }
  }
  return found;
}

/** What `when` asks about before anything else is read: `has(vars.x)`. Whoever asks is taken to know. */
function askedBefore({ readings, when, task }: PlannedReader): (name: string) => boolean {
  // One that could not be compiled may have asked for anything.
  if (when.length < task.when.length) return () => true;
  const inWhen = readings.filter(({ role }) => role === 'when').flatMap(({ references }) => references);
  if (inWhen.some(({ root, path }) => root === 'vars' && path.length === 0)) return () => true;
  const names = new Set(inWhen.filter(({ guarded }) => guarded).map(({ root }) => root));
  return (name) => names.has(name);
}

/** The hosts for which no task before has left anything under a name. */
function withoutOf(
  { play, hosts, before }: Position,
  runsOn: (play: PlannedPlay, host: string) => boolean,
): Position['without'] {
  return (name) => {
    const givers = before.get(name);
    if (!givers) return hosts.hosts;
    if (givers.some((giver) => giver.play === play)) return [];
    return hosts.hosts.filter((host) => !givers.some((giver) => runsOn(giver.play, host)));
  };
}

function add(known: Map<string, Giver[]>, givers: readonly Giver[]): Map<string, Giver[]> {
  for (const giver of givers) known.set(giver.name, [...(known.get(giver.name) ?? []), giver]);
  return known;
}
