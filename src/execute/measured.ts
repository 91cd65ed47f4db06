import type { Resource } from '../model/resource.ts';
import type { StateGuard } from '../model/saved-plan.ts';
import type { Span } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { StepReport } from './segment.ts';

/** What was seen and what is wanted, in the words of the probe. */
export interface Measured {
  seen: string;
  wanted: string;
}

/** What is there and what is wanted; of an edit, the sums of its text. undefined where that was not measured. */
export function stateOf(resource: Resource, { status, observed, expected, edit }: StepReport): Measured | undefined {
  if (!['ok', 'would-change', 'drift'].includes(status)) return undefined;
  if (resource.kind === 'action')
    return resource.guard && status === 'ok' ? { seen: 'not needed', wanted: 'not needed' } : undefined;
  const { guard, expect } = edit?.resource ?? {};
  if (guard !== undefined && typeof expect === 'string')
    return { seen: guard, wanted: expect.slice(expect.lastIndexOf('\n') + 1) };
  if (resource.kind !== 'converge') return undefined;
  const wanted = typeof resource.expect === 'string' ? resource.expect : (expected ?? observed);
  const seen = observed ?? (status === 'ok' ? wanted : undefined);
  return seen === undefined || wanted === undefined ? undefined : { seen, wanted };
}

/** A step that is not what it was when it was planned, with both states. */
export function driftOf(
  resource: Resource,
  report: StepReport,
  { at, guard }: { at: Span; guard?: StateGuard },
): Problem {
  if (resource.kind === 'action') {
    return problem('E_PLAN_DRIFT', { seen: 'not needed (creates/removes)', now: 'needed' }, at);
  }
  const now = stateOf(resource, report)?.seen ?? '?';
  return problem('E_PLAN_DRIFT', { seen: spoken(guard?.seen ?? '?'), now: spoken(now) }, at);
}

/** Sums as people compare them. */
function spoken(text: string): string {
  return text
    .replace(/^absent\nsha256 -$/, 'absent')
    .replaceAll('sha256 -', 'no file')
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')
    .trim()
    .replaceAll('\n', '; ')
    .slice(0, 200);
}
