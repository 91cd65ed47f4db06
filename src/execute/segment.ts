import type { Resource, Verdict } from '../model/resource.ts';
import type { StateGuard } from '../model/saved-plan.ts';
import type { Problem } from '../problems/problem.ts';
import type { WireStatus } from '../program/decode.ts';
import type { Capture } from './capture.ts';
import type { ComputedEdit } from './known-files.ts';

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
  /** What the host has to see before it changes anything. */
  guard?: StateGuard;
}

/** As whom a step runs; `user` undefined: as whoever is logged in. */
export function runAs(
  user: string | undefined,
  { becomePassword }: { becomePassword?: string | undefined },
): Pick<SegmentStep, 'user' | 'becomePassword'> {
  return { ...(user !== undefined && { user, ...(becomePassword !== undefined && { becomePassword }) }) };
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
  /** What the module makes of its output. */
  verdict?: Verdict;
  /** Why it failed before it was sent. */
  reason?: string;
  /** Why nothing could be run as the user it asks for. */
  problem?: Problem;
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
  | { kind: 'lost'; reason: string; unreported: Unreported[]; unsent: number };

/** A step that was sent and whose end was not seen. */
export interface Unreported {
  index: number;
  id: number;
  /** It was seen to begin: it had an effect, or was about to. */
  began: boolean;
  /** What came of its output. */
  stdout: Capture;
  stderr: Capture;
}
