import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Nonces } from '../program/bootstrap.ts';
import type { PayloadKind, WireStatus } from '../program/decode.ts';
import { createFlights, type Flight } from './flights.ts';
import { createKnowledge } from './knowledge.ts';
import { cancelledReport, judge, reportOf } from './report.ts';
import type { SegmentEnd, SegmentHooks, SegmentStep, StepReport } from './segment.ts';
import { createSender, type Sending } from './sender.ts';
import type { Session } from './session.ts';
import { hasRoom, packWindow, programPath } from './window.ts';

/** Runs segments on one session, one after the other, with a window of steps sent ahead. */
export interface SegmentRunner {
  /** Throws ProblemError when the session never began. */
  run(steps: readonly SegmentStep[], hooks: SegmentHooks): Promise<SegmentEnd>;
  /** The step that runs now, for interrupts. */
  running(): { id: number; user?: string } | undefined;
  /** Files that steps under way were to write: temp files of theirs may lie beside them. */
  writing(): string[];
  /** Whether author code has run, of which the host keeps a ledger. */
  hasLedger(): boolean;
  /** These are given to the session as its events. */
  began(id: number): void;
  output(id: number | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void;
  payload(id: number, kind: PayloadKind, bytes: Buffer): void;
  ended(id: number, status: WireStatus, rc: number): void;
  refused(user: string, problem: Problem): void;
  over(): void;
  closed(reason: string, never?: Problem): void;
}

/** A file that changes again and again under our edits is given up after so many tries. */
const mostStale = 3;

/** How far a segment has come. */
interface Progress extends Sending {
  hooks: SegmentHooks;
  /** The step whose failure ends the segment. */
  stopped?: number;
  /** An item of the loop that is under way has failed. */
  loopFailed: boolean;
  /** How often the file of an edit was not the one it was computed from, by place. */
  stale: Map<number, number>;
}

/** `session` is a function because the session needs the runner's events first. */
export function createSegmentRunner(options: {
  session: () => Session;
  nonces: Nonces;
  now: () => number;
}): SegmentRunner {
  const { session, nonces, now } = options;
  const flights = createFlights();
  const knowledge = createKnowledge();
  const refused = new Map<string, Problem>();
  const sender = createSender(options);
  let epoch = 1;
  let stagedCount = 0;
  let lost: string | undefined;
  let never: Problem | undefined;
  let lastEnd = now();
  let hasLedger = false;
  let wake: () => void = () => undefined;
  let progress: Progress | undefined;

  /** What was sent after this place is passed over by the host and never reported. */
  const abandon = (from?: number): void => {
    epoch += 1;
    flights.drop(from);
    knowledge.forget();
    if (progress) progress.numbers = undefined;
  };

  const finish = (at: Progress, index: number, report: StepReport): void => {
    const step = at.steps[index]!;
    lastEnd = now();
    const failed = report.status === 'failed' || report.status === 'timeout';
    const isFinal = report.status === 'cancelled' || report.status === 'drift';
    const stops = isFinal || (failed && !step.ignoreErrors);
    if (stops) at.loopFailed = true;
    at.hooks.ended(index, report);
    const waits = step.loop === 'item' && !isFinal;
    if (at.loopFailed && !waits) {
      at.stopped = index;
      abandon();
    }
  };

  const stageBeside = (dest: string): string => {
    stagedCount += 1;
    return `${dest.slice(0, dest.lastIndexOf('/') + 1)}.play-s${stagedCount}-${nonces.kill}`;
  };

  /** Sends what can be sent. False: nothing can, before something comes back. */
  const send = async (at: Progress): Promise<boolean> => {
    const [sent, from] = [epoch, at.next];
    if (session().isStopped()) {
      at.next += 1;
      finish(at, from, cancelledReport());
      return true;
    }
    const { units, indexes, next, decided } = packWindow({
      ...at,
      epoch,
      flights,
      knowledge,
      refused,
      stage: stageBeside,
      ahead: session().ahead,
    });
    at.next = next;
    if (decided) {
      at.next = decided.index + 1;
      finish(at, decided.index, decided.report);
      return true;
    }
    if (units.length === 0) return false;
    if (indexes.length > 0) await at.hooks.intent(indexes);
    await sender.send(units, at, { from, sent, now: () => (lost === undefined ? epoch : undefined) });
    return true;
  };

  const takeStep = (at: Progress, index: number, flight: Flight, status: WireStatus, rc: number): void => {
    const times = at.stale.get(index) ?? 0;
    if (status === 'stale' && times < mostStale) {
      at.stale.set(index, times + 1);
      abandon();
      at.next = index;
      return;
    }
    const report = reportOf(flight, status === 'stale' ? 'failed' : status, rc, now() - (flight.beganAt ?? lastEnd));
    if (status === 'stale')
      report.reason = 'the file was changed by something else each time it was about to be edited';
    judge(at.steps[index]!, report);
    finish(at, index, report);
  };

  return {
    async run(steps, hooks) {
      const at: Progress = { steps, hooks, next: 0, loopFailed: false, stale: new Map(), numbers: undefined };
      progress = at;
      knowledge.turn();
      for (;;) {
        if (never) throw new ProblemError(never);
        if (lost !== undefined) {
          const unreported = [...flights.all()].flatMap(([id, { index, beganAt, stdout, stderr }]) =>
            index === undefined ? [] : { index, id, began: beganAt !== undefined, stdout, stderr },
          );
          return { kind: 'lost', reason: lost, unreported, unsent: at.next };
        }
        if (at.stopped !== undefined) return { kind: 'stopped', at: at.stopped };
        if (at.next >= steps.length && flights.size() === 0) return { kind: 'done' };
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const takesMore = session().takesMore() && hasRoom(flights, session().ahead);
        if (at.next < steps.length && takesMore && (await send(at))) continue;
        await woken;
      }
    },
    running() {
      for (const [id, { beganAt, user }] of flights.all()) {
        if (beganAt !== undefined) return { id, ...(user !== undefined && { user }) };
      }
      return undefined;
    },
    writing: () =>
      [...flights.all()].flatMap(([, { index }]) => {
        const runnable = index === undefined ? undefined : progress?.steps[index]?.runnable;
        if (runnable?.kind === 'edit') return runnable.path;
        if (runnable?.kind === 'action') return 'program' in runnable.run ? programPath : [];
        return (runnable?.kind === 'converge' && runnable.content?.dest) || [];
      }),
    hasLedger: () => hasLedger,
    began(id) {
      const flight = flights.get(id);
      if (!flight) return;
      flight.beganAt = now();
      if (flight.index === undefined || !progress) return;
      hasLedger ||= progress.steps[flight.index]?.runnable.kind === 'action';
      progress.hooks.began(flight.index);
    },
    output(id, stream, chunk) {
      const flight = flights.get(id);
      flight?.[stream].push(chunk);
      progress?.hooks.output(flight?.index, stream, chunk);
    },
    payload(id, kind, bytes) {
      const flight = flights.get(id);
      if (flight) flight.payloads[kind] = bytes;
    },
    ended(id, status, rc) {
      const flight = flights.take(id);
      if (!flight || !progress) return;
      if (flight.index !== undefined) takeStep(progress, flight.index, flight, status, rc);
      else if (status === 'cancelled') finish(progress, progress.next, cancelledReport());
      else if (flight.prefetch) {
        const { needs, at } = flight.prefetch;
        knowledge.learn(needs, at, flight.payloads.O?.toString('utf8') ?? '', flight.payloads.D ?? Buffer.alloc(0));
      }
      wake();
    },
    refused(user, problem) {
      refused.set(user, problem);
      const theirs = [...flights.all()].filter(([, flight]) => flight.user === user);
      if (theirs.length === 0 || !progress) return;
      // The host passes over what follows the first of them, too. That one's turn comes again, and then it fails.
      const first = Math.min(...theirs.flatMap(([, { index, prefetch }]) => index ?? prefetch?.at ?? []));
      abandon(first);
      progress.next = first;
      wake();
    },
    over() {
      // It said that it was done, and some of what it was sent it never spoke of.
      if (flights.size() > 0) lost = 'the host did not report all that it was sent';
      wake();
    },
    closed(reason, problem) {
      lost = reason;
      never = problem;
      wake();
    },
  };
}
