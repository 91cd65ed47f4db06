import type { Content, Resource } from '../model/resource.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { killFunctions, type Nonces } from '../program/bootstrap.ts';
import { compileUnit, inlineLimit, type Prefetch, type WireStep } from '../program/compile.ts';
import type { PayloadKind, WireStatus } from '../program/decode.ts';
import { type Capture, createCapture } from './capture.ts';
import { type ComputedEdit, computeEdit, type KnownFile, readKnown } from './known-files.ts';
import type { Session } from './session.ts';

/** One step of a segment, rendered: ready to be compiled. */
export interface SegmentStep {
  runnable: Resource;
  /** Become this user; undefined = the login user. */
  user?: string;
  becomePassword?: string;
  ignoreErrors: boolean;
  loop?: 'item' | 'last';
  timeout?: number;
  check: boolean;
}

/** How a step came back from the host. */
export interface StepReport {
  status: WireStatus;
  rc: number;
  stdout: Capture;
  stderr: Capture;
  observed?: string;
  expected?: string;
  after?: string;
  /** Old text of the file that the step changes, where a diff was wanted. */
  body?: Buffer;
  edit?: ComputedEdit;
  /** Why it failed before it was sent. */
  reason?: string;
  ms: number;
}

/** What the caller does with a segment as it runs. Indexes are those of the steps given. */
export interface SegmentHooks {
  /** These are about to be sent; resolves when that is durable. */
  intent(indexes: number[]): Promise<void>;
  began(index: number): void;
  output(index: number | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void;
  ended(index: number, report: StepReport): void;
}

/** How a segment ended: all steps reported, a failure stopped it, or the session is gone: some steps never reported, those from `unsent` on were never sent. */
export type SegmentEnd =
  | { kind: 'done' }
  | { kind: 'stopped'; at: number }
  | { kind: 'lost'; reason: string; unreported: { index: number; id: number }[]; unsent: number };

/** Runs segments on one session, one after the other, with a window of steps sent ahead. */
export interface SegmentRunner {
  /** Throws ProblemError when the session never began. */
  run(steps: readonly SegmentStep[], hooks: SegmentHooks): Promise<SegmentEnd>;
  /** The step that runs now, for interrupts. */
  running(): { id: number; user?: string } | undefined;
  /** Given to the session as its events. */
  began(id: number): void;
  output(id: number | undefined, stream: 'stdout' | 'stderr', chunk: Buffer): void;
  payload(id: number, kind: PayloadKind, bytes: Buffer): void;
  ended(id: number, status: WireStatus, rc: number): void;
  closed(reason: string, never?: Problem): void;
  /** Files whose content was on its way when the session was lost. */
  staged(): string[];
}

/** At most this many steps, or bytes of program, are sent ahead and not yet reported. */
const windowSteps = 16;
const windowBytes = 64 * 1024;
/** A file that changes again and again under our edits is given up after this many tries. */
const staleLimit = 3;

interface Flight {
  index?: number;
  prefetch?: { want: 'text' | 'sum'; key: string; path: string; at: number };
  stdout: Capture;
  stderr: Capture;
  payloads: Partial<Record<PayloadKind, Buffer>>;
  edit?: ComputedEdit;
  user?: string;
  bytes: number;
  /** Where content that was sent ahead of the step waits for it. */
  staged?: string;
  beganAt?: number;
}

/** `session` is a function because the session needs the runner's events first. */
export function createSegmentRunner(options: {
  session: () => Session;
  nonces: Nonces;
  now: () => number;
}): SegmentRunner {
  const { nonces, now } = options;
  const flights = new Map<number, Flight>();
  /** By user and path. */
  const known = new Map<string, KnownFile>();
  const sums = new Map<string, string>();
  const pending = new Set<string>();
  const withKill = new Set<number | undefined>();
  let lastId = 0;
  let epoch = 1;
  let stagedCount = 0;
  let lost: string | undefined;
  let neverBegan: Problem | undefined;
  let lastEnd = now();
  let wake: () => void = () => undefined;
  let onEnded: (id: number, flight: Flight, status: WireStatus, rc: number) => void = () => undefined;
  let hooksNow: SegmentHooks | undefined;

  const keyOf = (user: string | undefined, path: string): string => `${user ?? ''}:${path}`;

  const newFlight = (fields: Partial<Flight>): { id: number; flight: Flight } => {
    lastId += 1;
    const flight: Flight = { stdout: createCapture(), stderr: createCapture(), payloads: {}, bytes: 0, ...fields };
    flights.set(lastId, flight);
    return { id: lastId, flight };
  };

  /** What the steps from `from` on must have read before they can be compiled, and nothing has asked for yet. */
  const missing = (
    steps: readonly SegmentStep[],
    from: number,
  ): { want: 'text' | 'sum'; path: string; step: SegmentStep }[] => {
    const wanted: { want: 'text' | 'sum'; path: string; step: SegmentStep }[] = [];
    const seen = new Set<string>();
    const written = new Set<string>();
    for (const step of steps.slice(from)) {
      const need = needOf(step);
      const earlier = need && written.has(keyOf(step.user, need.path));
      if (step.runnable.kind === 'converge') {
        for (const { path } of step.runnable.writes ?? []) written.add(keyOf(step.user, path));
      }
      if (!need || earlier) continue;
      const key = `${need.want} ${keyOf(step.user, need.path)}`;
      const have =
        need.want === 'text' ? known.has(keyOf(step.user, need.path)) : sums.has(keyOf(step.user, need.path));
      if (have || pending.has(key) || seen.has(key)) continue;
      seen.add(key);
      wanted.push({ ...need, step });
    }
    return wanted;
  };

  const run = async (steps: readonly SegmentStep[], hooks: SegmentHooks): Promise<SegmentEnd> => {
    const session = options.session();
    hooksNow = hooks;
    let next = 0;
    let stopped: number | undefined;
    let groupFailed = false;
    const stale = new Map<number, number>();

    const finish = (index: number, report: StepReport): void => {
      const step = steps[index]!;
      lastEnd = now();
      hooks.ended(index, report);
      if (report.status !== 'failed' && report.status !== 'timeout' && report.status !== 'cancelled') {
        if (step.loop === 'last' && groupFailed) stop(index);
        return;
      }
      if (step.ignoreErrors && report.status !== 'cancelled') return;
      groupFailed = true;
      if (step.loop === 'item' && report.status !== 'cancelled') return;
      stop(index);
    };
    const stop = (index: number): void => {
      stopped = index;
      groupFailed = false;
      abandon();
    };
    /** What was sent after a failure is passed over by the host and never reported. */
    const abandon = (): void => {
      epoch += 1;
      flights.clear();
      pending.clear();
      known.clear();
    };

    onEnded = (_, flight, status, rc) => {
      if (flight.prefetch) {
        const { want, key, path } = flight.prefetch;
        pending.delete(`${want} ${key}`);
        const state = flight.payloads.O?.toString('utf8') ?? 'absent';
        if (want === 'sum') sums.set(key, state);
        else if (!known.has(key)) {
          known.set(key, { ...readKnown(path, state, flight.payloads.D), readAt: flight.prefetch.at });
        }
      } else if (flight.index !== undefined) {
        const index = flight.index;
        if (status === 'stale' && (stale.get(index) ?? 0) < staleLimit) {
          stale.set(index, (stale.get(index) ?? 0) + 1);
          sums.clear();
          abandon();
          next = index;
        } else {
          finish(
            index,
            reportOf(flight, status === 'stale' ? 'failed' : status, rc, now() - (flight.beganAt ?? lastEnd)),
          );
        }
      }
      wake();
    };

    /** Sends the next unit. False: nothing can be sent before something comes back. */
    const send = async (): Promise<boolean> => {
      const units: { user?: string; password?: string; steps: WireStep[]; content?: Content; staged?: string }[] = [];
      const indexes: number[] = [];
      let size = 0;
      for (const flight of flights.values()) size += flight.bytes;
      const unitFor = (step: SegmentStep): (typeof units)[number] => {
        const last = units.at(-1);
        if (last && last.user === step.user && !last.content) return last;
        const unit = {
          ...(step.user !== undefined && { user: step.user }),
          ...(step.becomePassword !== undefined && { password: step.becomePassword }),
          steps: [],
        };
        units.push(unit);
        return unit;
      };
      for (const need of missing(steps, next)) {
        const key = keyOf(need.step.user, need.path);
        pending.add(`${need.want} ${key}`);
        const { id } = newFlight({ prefetch: { want: need.want, key, path: need.path, at: next } });
        const runnable: Prefetch = { kind: 'prefetch', path: need.path, want: need.want };
        unitFor(need.step).steps.push({ id, epoch, runnable, ignoreErrors: true, check: false });
      }
      while (next < steps.length && flights.size < windowSteps + pending.size && size < windowBytes) {
        const step = steps[next]!;
        const need = needOf(step);
        const key = need && keyOf(step.user, need.path);
        if (need && key !== undefined && pending.has(`${need.want} ${key}`)) break;
        let { runnable } = step;
        let edit: ComputedEdit | undefined;
        if (runnable.kind === 'edit') {
          const base = known.get(key!)!;
          const computed = computeEdit(runnable, base);
          // A failure over a text that was read before earlier steps ran says nothing: they may have made the file.
          if (typeof computed === 'string' && base.readAt !== undefined && base.readAt < next && !step.check) {
            if (flights.size > 0 || units.length > 0) break;
            known.delete(key!);
            return send();
          }
          if (typeof computed === 'string' || (step.check && base.forecast)) {
            // Decided here, so it must wait until what stands before it is in.
            if (flights.size > 0 || units.length > 0) break;
            const index = next;
            next += 1;
            finish(index, typeof computed === 'string' ? failedReport(computed) : forecastReport(computed));
            if (typeof computed !== 'string') remember(step, computed.resource.writes, true);
            if (stopped !== undefined) return true;
            continue;
          }
          edit = computed;
          runnable = computed.resource;
        }
        const { id, flight } = newFlight({
          index: next,
          ...(edit && { edit }),
          ...(step.user !== undefined && { user: step.user }),
        });
        const wire: WireStep = {
          id,
          epoch,
          runnable,
          ignoreErrors: step.ignoreErrors,
          check: step.check,
          ...(step.loop && { loop: step.loop }),
          ...(step.timeout !== undefined && { timeout: step.timeout }),
        };
        if (runnable.kind === 'converge') {
          const content = runnable.content;
          if (content && !step.check && needsStaging(content)) {
            const have = sums.get(keyOf(step.user, content.dest));
            if (have === `sha256 ${content.sha256}`) wire.same = true;
            else {
              stagedCount += 1;
              wire.staged = stagedPath(content.dest, stagedCount, nonces.kill);
              flight.staged = wire.staged;
              units.push({ ...unitHead(step), steps: [], content, staged: wire.staged });
            }
          }
          remember(step, runnable.writes, step.check);
        }
        const unit = unitFor(step);
        flight.bytes = approximateSize(wire);
        size += flight.bytes;
        unit.steps.push(wire);
        indexes.push(next);
        next += 1;
      }
      if (units.length === 0) return false;
      if (indexes.length > 0) await hooks.intent(indexes);
      for (const unit of units) {
        const fd = unit.user === undefined ? undefined : await session.become(unit.user, unit.password);
        const to = fd === undefined ? undefined : { fd, epoch };
        if (unit.content && unit.staged !== undefined) {
          await session.program(`play_t=${shellQuoted(unit.staged)}\n`, to);
          await session.content(unit.content.bytes, to);
        } else {
          let text = compileUnit(unit.steps, { nonce: nonces.kill });
          if (unit.steps.some((step) => step.timeout !== undefined) && !withKill.has(fd)) {
            withKill.add(fd);
            text = `${killFunctions}\n${text}`;
          }
          await session.program(text, to);
        }
      }
      return true;
    };

    const remember = (
      step: SegmentStep,
      writes: { path: string; text: string }[] | undefined,
      forecast: boolean,
    ): void => {
      for (const { path, text } of writes ?? []) known.set(keyOf(step.user, path), { text, forecast });
    };

    for (;;) {
      if (neverBegan) throw new ProblemError(neverBegan);
      if (lost !== undefined) {
        const unreported = [...flights].flatMap(([id, { index }]) => (index === undefined ? [] : [{ index, id }]));
        return { kind: 'lost', reason: lost, unreported, unsent: next };
      }
      if (stopped !== undefined) return { kind: 'stopped', at: stopped };
      if (next >= steps.length && flights.size === 0) return { kind: 'done' };
      const mayWait = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (next < steps.length && flights.size <= windowSteps / 2 && (await send())) continue;
      if (lost !== undefined || stopped !== undefined || (next >= steps.length && flights.size === 0)) continue;
      await mayWait;
    }
  };

  return {
    run,
    running() {
      for (const [id, flight] of flights) {
        if (flight.beganAt !== undefined) return { id, ...(flight.user !== undefined && { user: flight.user }) };
      }
      return undefined;
    },
    began(id) {
      const flight = flights.get(id);
      if (!flight) return;
      flight.beganAt = now();
      if (flight.index !== undefined) hooksNow?.began(flight.index);
    },
    output(id, stream, chunk) {
      const flight = id === undefined ? undefined : flights.get(id);
      flight?.[stream].push(chunk);
      hooksNow?.output(flight?.index, stream, chunk);
    },
    payload(id, kind, bytes) {
      const flight = flights.get(id);
      if (flight) flight.payloads[kind] = bytes;
    },
    ended(id, status, rc) {
      const flight = flights.get(id);
      if (!flight) return;
      flights.delete(id);
      onEnded(id, flight, status, rc);
    },
    closed(reason, never) {
      lost = reason;
      neverBegan = never;
      wake();
    },
    staged: () => [...flights.values()].flatMap((flight) => flight.staged ?? []),
  };
}

function needOf(step: SegmentStep): { want: 'text' | 'sum'; path: string } | undefined {
  if (step.runnable.kind === 'edit') return { want: 'text', path: step.runnable.path };
  if (step.runnable.kind !== 'converge' || !step.runnable.content || step.check) return undefined;
  return needsStaging(step.runnable.content) ? { want: 'sum', path: step.runnable.content.dest } : undefined;
}

/** Bytes that cannot be a shell word, or are too many to be one, travel counted into a temp file. */
function needsStaging(content: Content): boolean {
  const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.bytes.byteLength);
  return bytes.length > inlineLimit || bytes.includes(0) || !Buffer.from(bytes.toString('utf8')).equals(bytes);
}

function stagedPath(dest: string, n: number, nonce: string): string {
  const slash = dest.lastIndexOf('/');
  return `${dest.slice(0, slash + 1)}.play-s${n}-${nonce}`;
}

function unitHead(step: SegmentStep): { user?: string; password?: string } {
  return {
    ...(step.user !== undefined && { user: step.user }),
    ...(step.becomePassword !== undefined && { password: step.becomePassword }),
  };
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function approximateSize(step: WireStep): number {
  const { runnable } = step;
  const content =
    runnable.kind === 'converge' && !step.staged && !step.same ? (runnable.content?.bytes.length ?? 0) : 0;
  return 300 + content;
}

function reportOf(flight: Flight, status: WireStatus, rc: number, ms: number): StepReport {
  const text = (kind: PayloadKind): string | undefined => flight.payloads[kind]?.toString('utf8');
  const [observed, expected, after] = [text('O'), text('X'), text('A')];
  return {
    status,
    rc,
    stdout: flight.stdout,
    stderr: flight.stderr,
    ...(observed !== undefined && { observed }),
    ...(expected !== undefined && { expected }),
    ...(after !== undefined && { after }),
    ...(flight.payloads.D && { body: flight.payloads.D }),
    ...(flight.edit && { edit: flight.edit }),
    ms,
  };
}

function failedReport(reason: string): StepReport {
  return { status: 'failed', rc: 0, stdout: createCapture(), stderr: createCapture(), reason, ms: 0 };
}

function forecastReport(edit: ComputedEdit): StepReport {
  const status = edit.before === edit.after ? 'ok' : 'would-change';
  return { status, rc: 0, stdout: createCapture(), stderr: createCapture(), edit, ms: 0 };
}
