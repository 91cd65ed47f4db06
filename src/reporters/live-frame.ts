import { cleanText } from '../util/clean-text.ts';
import { textWidth, truncate } from '../util/text-width.ts';
import { hostRows, type RowsLook } from './host-row.ts';
import { plural } from './names.ts';
import { type HostProgress, type Look, lookOf, type Progress } from './progress.ts';
import { elapsed } from './times.ts';

/** What a frame is drawn for. */
export interface FrameLook extends Omit<RowsLook, 'tasks'> {
  height: number;
}

/** The picture of a running run: a title, one row per host while they fit, else the busy ones, and the rest as numbers. Never taller than two thirds of the terminal. */
export function frame(progress: Progress, { height, ...look }: FrameLook): string[] {
  const hosts = [...progress.hosts.values()];
  const rows = { ...look, tasks: progress.tasks };
  const room = Math.max(2, Math.floor((height * 2) / 3) - 1);
  const shown = hosts.length <= room ? hosts : busiest(hosts, { ...rows, room: room - 1 });
  const seen = new Set(shown);
  const hidden = hosts.filter((host) => !seen.has(host));
  return [titleRow(progress, rows), ...hostRows(shown, rows), ...foldedRow(hidden, rows)];
}

/** Which hosts get a row when there is not one for each. */
const RANK: Partial<Record<Look, number>> = { silent: 0, working: 1, connecting: 1, waiting: 2 };

/** Hosts at work, in their order; when there is no room for all, those that are silent come before others, and those that wait last. Hosts that have not begun have no row. */
function busiest(hosts: readonly HostProgress[], rows: RowsLook & { room: number }): HostProgress[] {
  const ranks = new Map<HostProgress, number>();
  for (const host of hosts) {
    const rank = host.phase === 'waiting' ? undefined : RANK[lookOf(host, rows)];
    if (rank !== undefined) ranks.set(host, rank);
  }
  const ranked = [...ranks].sort(([, a], [, b]) => a - b).slice(0, rows.room);
  const shown = new Set(ranked.map(([host]) => host));
  return hosts.filter((host) => shown.has(host));
}

function titleRow({ play, hosts, started, check }: Progress, rows: RowsLook): string {
  const { style, width, now } = rows;
  const all = [...hosts.values()];
  const bad = counted(all, rows, 'failed', 'unreachable');
  const changed = all.reduce((sum, host) => sum + host.changed, 0);
  const facts = [
    `${counted(all, rows, 'done', 'failed', 'unreachable')} of ${plural(all.length, 'host')} done`,
    ...(changed > 0 ? [`${changed} ${check ? 'would change' : 'changed'}`] : []),
    ...(bad > 0 ? [`${bad} failed`] : []),
  ];
  const dot = ` ${style.symbols.dot} `;
  const tail = dot + facts.join(dot);
  const time = elapsed(now - started);
  const room = width - 1 - textWidth(tail) - time.length - 1;
  if (room < 4) return style.bold(truncate(cleanText(play), Math.max(0, width - 1), style.symbols.ellipsis));
  const name = truncate(cleanText(play), room, style.symbols.ellipsis);
  const gap = ' '.repeat(1 + room - textWidth(name));
  return `${style.bold(name)}${bad > 0 ? style.red(tail) : style.dim(tail)}${gap}${style.dim(time)}`;
}

/** The hosts that have no row, as numbers. */
function foldedRow(hidden: readonly HostProgress[], rows: RowsLook): string[] {
  if (hidden.length === 0) return [];
  const { style, width } = rows;
  const facts: [number, string][] = [
    [counted(hidden, rows, 'working', 'silent', 'connecting'), 'more at work'],
    [counted(hidden, rows, 'waiting'), 'waiting'],
    [counted(hidden, rows, 'done'), 'done'],
    [counted(hidden, rows, 'failed', 'unreachable'), 'failed'],
  ];
  const words = facts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const line = `${style.symbols.ellipsis} ${words.join(` ${style.symbols.dot} `)}`;
  return [style.dim(truncate(line, Math.max(0, width - 1), style.symbols.ellipsis))];
}

function counted(hosts: readonly HostProgress[], rows: RowsLook, ...looks: Look[]): number {
  return hosts.filter((host) => looks.includes(lookOf(host, rows))).length;
}
