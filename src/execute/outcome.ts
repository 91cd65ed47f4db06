import type { Failure, Status, StepDetail } from '../model/event.ts';
import type { ControllerResult } from '../model/module.ts';
import type { Outcome, Resource } from '../model/resource.ts';
import type { StateGuard } from '../model/saved-plan.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, type ProblemError, problem, sentence } from '../problems/problem.ts';
import type { Item } from '../render/render-group.ts';
import { decodeOutput } from '../util/clean-text.ts';
import { faultOf, saidBy, saidLines } from './fault-of.ts';
import { type Measured, stateOf } from './measured.ts';
import type { StepReport } from './segment.ts';

/** The end of one item, before `changed_when` and `failed_when` have had their say. */
export interface ItemResult {
  status: Status;
  /** What `register` gets. */
  fields: Fields;
  detail: StepDetail;
  /** Lines that did not change from the file's point of view, for the diff of an edit or a written file. */
  texts?: { path: string; before: string; after: string };
  problem?: Problem;
  /** What was seen and what is wanted, in the words of the probe: what a saved plan is bound to. */
  state?: Measured;
  /** Variables that become the host's. */
  facts?: Fields;
  /** What `register` gets is not known before the real run. */
  isForecast?: true;
}

const shownCauses = 5;

/** Why check mode cannot say how a task will end: earlier ones would change something, of which the last are the likeliest reason. */
export function cannotBeTold(causes: ReadonlySet<string>): string {
  const names = [...causes].slice(-shownCauses);
  const before = causes.size - names.length;
  const rest = before > 0 ? `, and ${before} before ${before === 1 ? 'it' : 'them'}` : '';
  return `cannot be told before the real run; earlier: ${names.join(', ')}${rest}`;
}

/** Reads a report from the host. In check mode a probe that could not tell is unknown when an earlier task may be why. */
export function fromReport(
  item: Item & { kind: 'step' },
  report: StepReport,
  options: { check: boolean; causes: ReadonlySet<string>; timeout?: number; guard?: StateGuard | undefined },
): ItemResult {
  const { resource } = item;
  const { guard } = options;
  const reads = resource.kind === 'action' && resource.reads === true;
  const [out, err] = [report.stdout.bytes(), report.stderr.bytes()];
  const [stdout, stderr] = [out.toString('utf8'), err.toString('utf8')];
  let status: Status = reads && report.status === 'changed' ? 'ok' : statusOf(report);
  const said = saidBy(item, stderr);
  let fault = faultOf(item, report, said, options);
  let message: string | undefined;
  // What a module waits for or reads may be what an earlier task would have made.
  const inVain = reads && report.status === 'failed' && 'sh' in resource.run && options.causes.size > 0;
  const isUnmade =
    report.status === 'cannot' ||
    report.problem?.code === 'E_BECOME' ||
    (report.reason !== undefined && resource.kind === 'edit');
  if (options.check && (isUnmade || inVain)) {
    if (options.causes.size > 0) {
      status = 'unknown';
      fault = undefined;
      message = cannotBeTold(options.causes);
    } else status = 'failed';
  }
  if (report.status === 'unknown') message = 'runs only outside check mode';
  const outcome: Outcome = {
    rc: report.rc,
    stdout,
    stderr,
    changed: status === 'changed' || status === 'would-change',
    ...(report.observed !== undefined && { observed: report.observed }),
    ...(report.expected !== undefined && { expected: report.expected }),
  };
  const { verdict } = report;
  if (verdict?.message !== undefined) message = verdict.message;
  const skippedByGuard =
    resource.kind === 'action' && resource.guard !== undefined && report.status === 'ok' && !verdict;
  if (skippedByGuard) message = 'not needed (creates/removes)';
  const own = { ...(verdict?.fields ?? resource.result?.(outcome)), ...report.edit?.fields };
  const texts = textsOf(resource, report);
  const shows = resource.kind === 'action' && !('sh' in resource.run);
  const output = shows || status === 'failed';
  const failure = fault && failureOf(fault);
  if (failure?.message === said && stdout === '' && stderr.trim().split('\n').length <= saidLines)
    failure.quotesOutput = true;
  const state = options.check ? stateOf(resource, report) : undefined;
  if (status === 'ok' && guard !== undefined && guard.seen !== guard.wanted) message ??= 'as planned already';
  const diff = texts === undefined ? (verdict?.diff ?? stateDiff(resource, report)) : undefined;
  return {
    status,
    fields: { ...own, ...commonFields(status, fault) },
    detail: {
      rc: report.rc,
      ...(output && (!verdict || verdict.unread) && { stdout: decodeOutput(out), stdoutBytes: report.stdout.total() }),
      ...(output && { stderr: decodeOutput(err), stderrBytes: report.stderr.total() }),
      ...(diff !== undefined && { diff }),
      ...(message !== undefined && { message }),
      ...(failure && { failure }),
    },
    ...(texts && { texts }),
    ...(state && { state }),
    ...(fault && { problem: fault }),
    ...(verdict?.facts && { facts: verdict.facts }),
  };
}

/** Reads what a controller module reported. */
export function fromController(result: ControllerResult, check = false): ItemResult {
  if (result.unknown !== undefined) return fromDecision('unknown', result.unknown);
  const fault = result.failed === undefined ? undefined : problem('E_TASK_FAILED', { what: result.failed });
  const status: Status = fault ? 'failed' : result.changed ? (check ? 'would-change' : 'changed') : 'ok';
  return {
    status,
    fields: { ...result.fields, ...commonFields(status, fault) },
    detail: {
      ...(result.message !== undefined && { message: result.message }),
      ...(result.diff !== undefined && { diff: result.diff }),
      ...(result.log && { log: result.log }),
      ...(fault && { failure: failureOf(fault) }),
    },
    ...(fault && { problem: fault }),
    ...(result.facts && { facts: result.facts }),
    ...(result.isForecast && { isForecast: true }),
  };
}

/** A result that needed nothing to be done. */
export function fromDecision(status: 'skipped' | 'unknown', message: string): ItemResult {
  return { status, fields: { ...commonFields(status, undefined), skip_reason: message }, detail: { message } };
}

/** A mistake that showed only when the task was filled in. */
export function fromError(error: ProblemError): ItemResult {
  const fault = error.problems[0];
  if (!fault) throw error;
  return {
    status: 'failed',
    fields: commonFields('failed', fault),
    detail: { failure: failureOf(fault) },
    problem: fault,
  };
}

/** The words of a problem as an event carries them. */
export function failureOf(fault: Problem): Failure {
  const { message, hint } = sentence(fault);
  return { code: fault.code, message, ...(hint !== undefined && { hint }) };
}

/** The fields every result has. */
export function commonFields(status: Status, fault: Problem | undefined): Fields {
  const fields: { [key: string]: Value } = {
    changed: status === 'changed' || status === 'would-change',
    failed: status === 'failed' || status === 'unreachable',
    skipped: status === 'skipped',
  };
  if (fault) fields['msg'] = sentence(fault).message;
  return fields;
}

function statusOf(report: StepReport): Status {
  switch (report.status) {
    case 'timeout':
    case 'stale':
    case 'drift':
    case 'cannot':
      return 'failed';
    default:
      return report.status;
  }
}

function textsOf(resource: Resource, report: StepReport): ItemResult['texts'] {
  if (report.edit && resource.kind === 'edit') {
    const { before = '', after = '' } = report.edit;
    return before === after ? undefined : { path: resource.path, before, after };
  }
  if (resource.kind === 'converge' && resource.body && report.body !== undefined) {
    const before = report.body.toString('utf8');
    return before === resource.body.after
      ? undefined
      : { path: resource.body.path, before, after: resource.body.after };
  }
  return undefined;
}

/** Managed state before and after, only the lines that differ. */
function stateDiff(resource: Resource, report: StepReport): string | undefined {
  if (report.status !== 'changed' && report.status !== 'would-change') return undefined;
  if (report.observed === undefined || resource.kind !== 'converge') return undefined;
  const before = report.observed.split('\n');
  const after = (typeof resource.expect === 'string' ? resource.expect : (report.expected ?? '')).split('\n');
  const lines = [
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n` : undefined;
}
