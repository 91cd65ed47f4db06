import type { Problem } from '../problems/problem.ts';
import type { PayloadKind, WireStatus } from '../program/decode.ts';
import { createCapture } from './capture.ts';
import type { Flight } from './flights.ts';
import type { ComputedEdit } from './known-files.ts';
import type { SegmentStep, StepReport } from './segment.ts';

/** What the host told of a step. */
export function reportOf(flight: Flight, status: WireStatus, rc: number, ms: number): StepReport {
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

/** Lets an action that speaks for itself say how it ended. */
export function judge({ runnable }: SegmentStep, report: StepReport): void {
  if (runnable.kind !== 'action' || !runnable.judge) return;
  if (report.status !== 'changed' && report.status !== 'failed') return;
  report.verdict = runnable.judge({
    rc: report.rc,
    stdout: report.stdout.bytes().toString('utf8'),
    stderr: report.stderr.bytes().toString('utf8'),
    changed: report.status === 'changed',
  });
  report.status = report.verdict.status;
}

/** A step that failed without the host: why, in words, or as a problem of its own. */
export function failedReport(why: string | Problem): StepReport {
  return { ...decided('failed'), ...(typeof why === 'string' ? { reason: why } : { problem: why }) };
}

/** A step that an interrupt kept from being sent. */
export function cancelledReport(): StepReport {
  return decided('cancelled');
}

/** An edit of a text that an earlier step would have written. */
export function forecastReport(edit: ComputedEdit): StepReport {
  return { ...decided(edit.before === edit.after ? 'ok' : 'would-change'), edit };
}

function decided(status: WireStatus): StepReport {
  return { status, rc: 0, stdout: createCapture(), stderr: createCapture(), ms: 0 };
}
