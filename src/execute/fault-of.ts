import type { StateGuard } from '../model/saved-plan.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Item } from '../render/render-group.ts';
import { driftOf } from './measured.ts';
import type { StepReport } from './segment.ts';

/** What is to be told of a step that did not go well; undefined when it did. */
export function faultOf(
  item: Item & { kind: 'step' },
  report: StepReport,
  said: string,
  { timeout, guard }: { timeout?: number; guard?: StateGuard | undefined },
): Problem | undefined {
  const at = item.rendered.planned.task.source.locate();
  if (report.problem) return { ...report.problem, at };
  const { verdict } = report;
  if (verdict?.failure !== undefined)
    return problem('E_TASK_FAILED', { what: verdict.failure, ...(verdict.hint && { advice: verdict.hint }) }, at);
  if (report.reason !== undefined) return problem('E_TASK_FAILED', { what: report.reason }, at);
  if (report.status === 'drift') return driftOf(item.resource, report, { at, ...(guard && { guard }) });
  if (report.status === 'timeout') return problem('E_TIMEOUT', { after: timeout ?? 0, killed: true }, at);
  if (report.status !== 'failed' && report.status !== 'cannot') return undefined;
  if (report.after !== undefined) {
    const wanted =
      item.resource.kind === 'converge' && typeof item.resource.expect === 'string'
        ? item.resource.expect
        : report.expected;
    return problem('E_NOT_CONVERGED', { wanted: oneLine(wanted ?? ''), got: oneLine(report.after) }, at);
  }
  const author = item.resource.kind === 'action';
  const signal = author ? signalText(report.rc) : undefined;
  const what =
    signal ??
    (author ? exitText(report.rc) : said || oneLine(report.observed ?? '') || `failed with status ${report.rc}`);
  return problem('E_TASK_FAILED', { what }, at);
}

const signals: Record<number, string> = {
  1: 'HUP',
  2: 'INT',
  6: 'ABRT',
  9: 'KILL',
  11: 'SEGV',
  13: 'PIPE',
  15: 'TERM',
};

/** A shell gives 128 plus the signal (POSIX 2.8.2). */
function signalText(rc: number): string | undefined {
  const name = signals[rc - 128];
  if (name === undefined) return undefined;
  return `killed by SIG${name} (status ${rc})${name === 'KILL' ? ', possibly out of memory' : ''}`;
}

/** 126 and 127 are what shells say of a command that they cannot start (POSIX 2.8.2), and hardly anything else does. */
function exitText(rc: number): string {
  const why = { 126: ': the command cannot be executed', 127: ': there is no such command' }[rc] ?? '';
  return `exited with ${rc}${why}`;
}

/** Lines at the end of what a failure printed that make its message. */
export const saidLines = 3;

function oneLine(text: string): string {
  return text.trim().replaceAll('\n', '; ').slice(0, 200);
}

/** What a module's own shell text has to say about its failure, without what only play can know: line numbers of a text nobody sees, names of temp files. */
export function saidBy({ resource }: Item & { kind: 'step' }, stderr: string): string {
  const text = lastLines(stderr)
    .replace(/^\S*sh: (?:line )?\d+: (?:eval: )?(?:line \d+: )?/gm, '')
    .replace(
      /\S*\.play-s?\d+-[0-9a-f]{32}/g,
      (path) => `a temporary file in ${path.slice(0, path.lastIndexOf('/') + 1)}`,
    );
  const target = resource.kind === 'converge' ? resource.content?.dest : undefined;
  return target === undefined || text === '' || text.includes(target) ? text : `${target}: ${text}`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-saidLines).join('\n').slice(0, 600);
}
