import { cleanText } from '../util/clean-text.ts';
import { textWidth, truncate } from '../util/text-width.ts';
import { hostRows, type RowsLook } from './host-row.ts';
import { plural } from './names.ts';
import { type HostProgress, isSilent, isWaiting, type Phase, type Progress } from './progress.ts';
import { elapsed } from './times.ts';

/** What a frame is drawn for. */
export interface FrameLook extends RowsLook {
  height: number;
}

/** The picture of a running run: a title, one row per host while they fit, else the busy ones, and the rest as numbers. Never taller than two thirds of the terminal. */
export function frame(progress: Progress, { height, ...look }: FrameLook): string[] {
  const hosts = [...progress.hosts.values()];
  const room = Math.max(2, Math.floor((height * 2) / 3) - 1);
  const shown = hosts.length <= room ? hosts : busiest(hosts, { room: room - 1, now: look.now });
  const seen = new Set(shown);
  const hidden = hosts.filter((host) => !seen.has(host));
  return [titleRow(progress, look), ...hostRows(shown, { ...look, tasks: progress.tasks }), ...foldedRow(hidden, look)];
}

/** Hosts at work, in their order; when there is no room for all, those that are silent come before others, and those that wait last. */
function busiest(hosts: readonly HostProgress[], { room, now }: { room: number; now: number }): HostProgress[] {
  const rank = (host: HostProgress): number => (isSilent(host, now) ? 0 : isWaiting(host, now) ? 2 : 1);
  const busy = hosts.filter(({ phase }) => phase === 'running' || phase === 'connecting' || phase === 'idle');
  const shown = new Set(busy.toSorted((a, b) => rank(a) - rank(b)).slice(0, room));
  return busy.filter((host) => shown.has(host));
}

function titleRow({ play, hosts, started, check }: Progress, { style, width, now }: RowsLook): string {
  const all = [...hosts.values()];
  const bad = counted(all, 'failed', 'unreachable');
  const changed = all.reduce((sum, host) => sum + host.changed, 0);
  const facts = [
    `${counted(all, 'done', 'failed', 'unreachable')} of ${plural(all.length, 'host')} done`,
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
function foldedRow(hidden: readonly HostProgress[], { style, now, width }: RowsLook): string[] {
  if (hidden.length === 0) return [];
  const waiting = hidden.filter((host) => isWaiting(host, now)).length;
  const facts: [number, string][] = [
    [counted(hidden, 'running', 'connecting', 'idle') - waiting, 'more at work'],
    [counted(hidden, 'waiting') + waiting, 'waiting'],
    [counted(hidden, 'done'), 'done'],
    [counted(hidden, 'failed', 'unreachable'), 'failed'],
  ];
  const words = facts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const line = `${style.symbols.ellipsis} ${words.join(` ${style.symbols.dot} `)}`;
  return [style.dim(truncate(line, Math.max(0, width - 1), style.symbols.ellipsis))];
}

function counted(hosts: readonly HostProgress[], ...phases: Phase[]): number {
  return hosts.filter(({ phase }) => phases.includes(phase)).length;
}
