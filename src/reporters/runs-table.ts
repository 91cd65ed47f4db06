import type { RunSummary } from '../journal/runs.ts';
import type { Status } from '../model/event.ts';
import { cleanText } from '../util/clean-text.ts';
import { padEnd, padStart, textWidth } from '../util/text-width.ts';
import type { Paint, Style } from './style.ts';
import { dayAndTime, duration } from './times.ts';

interface Column {
  title: string;
  right?: boolean;
  text(run: RunSummary): string;
}

const COLUMNS: readonly Column[] = [
  { title: 'run', text: (run) => run.id },
  { title: 'when', text: (run) => dayAndTime(run.started) },
  { title: 'playbook', text: (run) => cleanText(run.playbook ?? '') + (run.check ? ' (check)' : '') },
  { title: 'hosts', right: true, text: (run) => (run.hosts > 0 ? String(run.hosts) : '') },
  { title: 'ok', right: true, text: (run) => count(run, 'ok') },
  { title: 'changed', right: true, text: (run) => count(run, run.check ? 'would-change' : 'changed') },
  { title: 'failed', right: true, text: (run) => count(run, 'failed') },
  { title: 'time', right: true, text: (run) => (run.ms === undefined ? '' : duration(run.ms)) },
  { title: 'result', text: (run) => resultOf(run).word },
];

/** The list of `play runs`, newest first as given. */
export function runsTable(runs: readonly RunSummary[], style: Style): string[] {
  const rows = runs.map((run) => COLUMNS.map((column) => column.text(run)));
  const widths = COLUMNS.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => textWidth(row[i] ?? ''))));
  const line = (cells: readonly string[], paintLast: Paint): string => {
    const padded = cells.map((cell, i) =>
      COLUMNS[i]?.right ? padStart(cell, widths[i] ?? 0) : padEnd(cell, widths[i] ?? 0),
    );
    const last = padded.pop() ?? '';
    return [...padded, paintLast(last.trimEnd())].join('  ');
  };
  const plain: Paint = (text) => text;
  const header = style.dim(
    line(
      COLUMNS.map(({ title }) => title),
      plain,
    ),
  );
  return [header, ...rows.map((row, i) => line(row, paintOf(runs[i], style)))];
}

/** Exit codes that say how a run ended, in a word. */
const RESULTS: Record<number, { word: string; status: Status }> = {
  0: { word: 'ok', status: 'ok' },
  3: { word: 'failed', status: 'failed' },
  4: { word: 'unreachable', status: 'unreachable' },
  5: { word: 'unknown', status: 'unknown' },
  6: { word: 'host key refused', status: 'failed' },
  7: { word: 'not let in', status: 'failed' },
  9: { word: 'not recorded', status: 'failed' },
  10: { word: 'would change', status: 'would-change' },
  11: { word: 'out of time', status: 'failed' },
  130: { word: 'interrupted', status: 'cancelled' },
  143: { word: 'interrupted', status: 'cancelled' },
};

function resultOf({ state, exit }: RunSummary): { word: string; status: Status } {
  if (state === 'running') return { word: 'running', status: 'changed' };
  if (state === 'interrupted') return { word: 'interrupted', status: 'cancelled' };
  if (state === 'unreadable') return { word: 'cannot be read', status: 'failed' };
  return RESULTS[exit ?? 1] ?? { word: `stopped (exit ${exit})`, status: 'failed' };
}

function paintOf(run: RunSummary | undefined, style: Style): Paint {
  return run ? style.status[resultOf(run).status] : style.dim;
}

function count({ counts }: RunSummary, status: Status): string {
  return counts === undefined ? '' : String(counts[status] ?? 0);
}
