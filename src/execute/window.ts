import type { AuthorCode, Resource } from '../model/resource.ts';
import type { Problem } from '../problems/problem.ts';
import { type Prefetch, runsInCheck, type WireStep } from '../program/compile.ts';
import type { Flights } from './flights.ts';
import type { Knowledge, Need } from './knowledge.ts';
import { type ComputedEdit, computeEdit } from './known-files.ts';
import { failedReport, forecastReport } from './report.ts';
import type { SegmentStep, StepReport } from './segment.ts';
import type { Ahead } from './session.ts';

/** Whether more is worth sending: half of what there is room for has come back. */
export function hasRoom(flights: Flights, ahead: Ahead): boolean {
  return flights.size() <= ahead.steps / 2 && flights.actions() <= ahead.actions / 2;
}

/** Programs lie beside the run directory, which belongs to one user, while those of others run too. */
export const programPath = '/tmp/program';

/** One piece of program for one user's shell, or content that its next piece will need. */
export interface Unit {
  user: string | undefined;
  password: string | undefined;
  steps: WireStep[];
  content?: { bytes: Uint8Array; path: string };
}

/** What can go out now. */
export interface Packed {
  units: Unit[];
  /** Places of the steps that go out, prefetches left out. */
  indexes: number[];
  /** The first place that does not. */
  next: number;
  /** That one ends without the host, and all before it is in. */
  decided?: { index: number; report: StepReport };
}

/** What packing looks at. It adds to the flights and to what is known. */
export interface Packing {
  steps: readonly SegmentStep[];
  next: number;
  epoch: number;
  flights: Flights;
  knowledge: Knowledge;
  /** Users that nothing can be run as, and why. */
  refused: ReadonlyMap<string, Problem>;
  /** An item of the loop that `next` belongs to has failed. */
  loopFailed: boolean;
  /** Names a new temp file beside a target. */
  stage(dest: string): string;
  /** What may be under way at most. */
  ahead: Ahead;
}

/** Packs as many steps as there is room for and knowledge about. */
export function packWindow(packing: Packing): Packed {
  const { steps, epoch, flights, knowledge, refused, stage, ahead: most } = packing;
  const packed: Packed = { units: [], indexes: [], next: packing.next };
  if ([...flights.all()].some(([, { holds }]) => holds)) return packed;
  const unitFor = (step: Pick<SegmentStep, 'user' | 'becomePassword'>): Unit => {
    const last = packed.units.at(-1);
    if (last && last.user === step.user && !last.content) return last;
    return open(step);
  };
  const open = ({ user, becomePassword }: Pick<SegmentStep, 'user' | 'becomePassword'>): Unit => {
    const unit: Unit = { user, password: becomePassword, steps: [] };
    packed.units.push(unit);
    return unit;
  };
  const isAlone = (): boolean => flights.size() === 0 && packed.units.length === 0;

  prefetch(packing, unitFor);
  let bytes = 0;
  let ahead = 0;
  for (const [, flight] of flights.all()) {
    bytes += flight.bytes;
    if (flight.index !== undefined) ahead += 1;
  }
  for (; packed.next < steps.length && ahead < most.steps && bytes < most.bytes; packed.next++) {
    const index = packed.next;
    const step = steps[index]!;
    const acts = step.runnable.kind === 'action';
    if (acts && flights.actions() >= most.actions) break;
    const problem = step.user === undefined ? undefined : refused.get(step.user);
    if (problem) {
      if (isAlone()) packed.decided = { index, report: failedReport(problem) };
      break;
    }
    const need = knowledge.needOf(step);
    if (need && knowledge.isAwaited(need)) break;
    const made = need?.want === 'text' ? edit(step, need, packing, index) : { runnable: step.runnable };
    if (made === 'read again') {
      if (!isAlone()) break;
      knowledge.forgetText(need!);
      return packWindow({ ...packing, next: index });
    }
    if ('report' in made) {
      if (isAlone()) {
        packed.decided = { index, report: made.report };
        if (made.edit) knowledge.wrote(step, made.edit.resource.writes ?? [], true);
      }
      break;
    }
    const { runnable } = made;
    if (runnable.kind === 'edit') throw new Error('an edit that was not computed');
    const { id, flight } = flights.add({ index, user: step.user, acts, bytes: sizeOf(runnable, knowledge) });
    if (made.edit) flight.edit = made.edit;
    const wire: WireStep = {
      id,
      epoch,
      runnable,
      ignoreErrors: step.ignoreErrors,
      check: step.check,
      ...(step.loop && { loop: step.loop }),
      ...(step.loop === 'last' && packing.loopFailed && { loopFailed: true }),
      ...(step.timeout !== undefined && { timeout: step.timeout }),
      ...(step.guard && { guard: step.guard }),
    };
    const content = runnable.kind === 'converge' && !step.check ? runnable.content : undefined;
    if (content && knowledge.isStaged(content)) {
      if (need?.want === 'sum' && knowledge.sum(need) === `sha256 ${content.sha256}`) wire.same = true;
      else {
        wire.staged = stage(content.dest);
        flight.staged = wire.staged;
        open(step).content = { bytes: content.bytes, path: wire.staged };
      }
    }
    const program = programOf(runnable, step.check);
    if (program) {
      wire.staged = stage(programPath);
      flight.staged = wire.staged;
      open(step).content = { bytes: program.bytes, path: wire.staged };
    }
    if (runnable.kind === 'converge') knowledge.wrote(step, runnable.writes ?? [], step.check);
    unitFor(step).steps.push(wire);
    packed.indexes.push(index);
    ahead += 1;
    bytes += flight.bytes;
    // Each user's shell counts its own failures: only here is it known that the loop has failed. So it is where what was printed decides.
    const isJudged = runnable.kind === 'action' && runnable.mayFail === true;
    if (isJudged || (step.loop === 'last' && hasManyUsers(steps, index))) {
      flight.holds = true;
      packed.next += 1;
      break;
    }
  }
  return packed;
}

/** Asks for everything at once that the rest of the segment needs to know. */
function prefetch({ steps, next, epoch, flights, knowledge }: Packing, unitFor: (step: SegmentStep) => Unit): void {
  const missing = knowledge.missing(steps, next);
  knowledge.asked(missing);
  const groups = new Map<string, Need[]>();
  for (const need of missing) {
    const key = `${need.want} ${need.user ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), need]);
  }
  for (const needs of groups.values()) {
    const [{ want, user }] = needs as [Need];
    const runnable: Prefetch = { kind: 'prefetch', want, paths: needs.map(({ path }) => path) };
    const { id } = flights.add({ prefetch: { needs, at: next }, user, acts: false, bytes: 0 });
    const step = steps.slice(next).find((each) => each.user === user);
    if (step) unitFor(step).steps.push({ id, epoch, runnable, ignoreErrors: true, check: false });
  }
}

type Made = { runnable: Resource; edit?: ComputedEdit } | { report: StepReport; edit?: ComputedEdit } | 'read again';

/** Turns an edit into a write that is guarded by the text it was computed from. */
function edit(step: SegmentStep, need: Need, { knowledge }: Packing, index: number): Made {
  const { runnable } = step;
  const base = knowledge.text(need);
  if (runnable.kind !== 'edit' || !base) return 'read again';
  const computed = computeEdit(runnable, base);
  if (typeof computed === 'string') {
    // A failure over a text that was not read just now says nothing: steps since then may have made the file.
    if (base.readAt !== index && !step.check) return 'read again';
    return { report: failedReport(computed) };
  }
  if (step.check && base.forecast) return { report: forecastReport(computed), edit: computed };
  return { runnable: computed.resource, edit: computed };
}

/** The program that an action brings along, where it is run. */
function programOf(runnable: Resource, check: boolean): AuthorCode['program'] {
  if (runnable.kind !== 'action' || 'sh' in runnable.run || (check && !runsInCheck(runnable))) return undefined;
  return runnable.run.program;
}

function hasManyUsers(steps: readonly SegmentStep[], last: number): boolean {
  for (let i = last - 1; i >= 0 && steps[i]?.loop === 'item'; i--) {
    if (steps[i]?.user !== steps[last]?.user) return true;
  }
  return false;
}

/** About as many bytes of program. Content that travels beside it is not held anywhere. */
function sizeOf(runnable: Exclude<Resource, { kind: 'edit' }>, knowledge: Knowledge): number {
  const content = runnable.kind === 'converge' ? runnable.content : undefined;
  const text = runnable.kind === 'action' && 'text' in runnable.run ? (runnable.run.text?.length ?? 0) : 0;
  return 300 + text + (content && !knowledge.isStaged(content) ? content.bytes.length : 0);
}
