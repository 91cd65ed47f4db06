import type { Event, Reporter } from '../model/event.ts';
import type { Occasion } from '../model/playbook.ts';
import type { Fields, Value } from '../model/value.ts';
import { createStyle } from '../reporters/style.ts';
import { summaryLines } from '../reporters/summary.ts';
import { createTally, type Tally } from '../reporters/tally.ts';
import { verdictLine } from '../reporters/verdict.ts';
import { cleanText } from '../util/clean-text.ts';

/** What is told about a run that has ended. */
export interface RunReport {
  status: 'failed' | 'changed' | 'ok';
  /** Whether a report for this occasion is due. */
  is(occasion: Occasion): boolean;
  /** All that is known, for programs; what templates of a report see as `run`. */
  data: Fields;
  /** One line for people, and everything they should read. */
  verdict: string;
  summary: string;
}

/** Collects what a report says, from events without secrets. `ended`: undefined until the run has. */
export function createRunReport(): Reporter & { ended(): RunReport | undefined } {
  const { on, tally } = createTally();
  let started = 0;
  let ended = 0;
  return {
    on(event: Event) {
      on(event);
      if (event.type === 'run-start') started = event.t;
      if (event.type === 'run-end') ended = event.t;
    },
    ended: () => (tally.start && tally.end ? reportOf(tally, { started, ended }) : undefined),
  };
}

function reportOf(tally: Tally, { started, ended }: { started: number; ended: number }): RunReport {
  const { start, end, counts, troubles } = tally;
  const style = createStyle({ color: 0, unicode: true });
  const exit = end?.exit ?? 1;
  const isFailure = exit !== 0 && exit !== 10;
  const changed = [...counts.values()].reduce((sum, one) => sum + one.changed + one['would-change'], 0);
  const status = isFailure ? 'failed' : changed > 0 ? 'changed' : 'ok';
  const verdict = `${cleanText(start?.name ?? '').replace(/\s+/g, ' ')}: ${verdictLine(tally, style)}`;
  // Its last line is the verdict.
  const lines = summaryLines(tally, { style, width: 100, recorded: start?.run }).slice(0, -1);
  const summary = lines.join('\n').replace(/^\n+|\s+$/g, '');
  const failures = troubles.map(
    ({ status: how, hosts, step, failure }): Value => ({
      status: how,
      hosts,
      task: step?.task ?? null,
      module: step?.module ?? null,
      source: step?.source ?? null,
      code: failure?.code ?? null,
      message: failure?.message ?? step?.message ?? '',
    }),
  );
  const data: Fields = {
    id: start?.run ?? '',
    playbook: start?.playbook ?? '',
    name: start?.name ?? '',
    check: start?.check ?? false,
    started: new Date(started).toISOString(),
    ended: new Date(ended).toISOString(),
    seconds: (end?.ms ?? 0) / 1000,
    status,
    exit,
    interrupted: end?.interrupted ?? false,
    changed,
    hosts: Object.fromEntries([...counts].map(([host, one]): [string, Value] => [host, { ...one }])),
    failures,
  };
  const is = (occasion: Occasion): boolean =>
    occasion === 'always' || (occasion === 'failure' ? isFailure : changed > 0);
  return { status, is, data, verdict, summary };
}
