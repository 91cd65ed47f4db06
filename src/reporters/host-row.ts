import { cleanText } from '../util/clean-text.ts';
import { padEnd, padStart, textWidth, truncate } from '../util/text-width.ts';
import { hostColumns } from './names.ts';
import { type HostProgress, isSilent, isWaiting, lastLine, NOTICEABLE } from './progress.ts';
import type { Paint, Style } from './style.ts';
import { elapsed } from './times.ts';

/** What rows are drawn for. */
export interface RowsLook {
  style: Style;
  width: number;
  now: number;
  /** Counts up with every frame, for the spinner. */
  tick: number;
}

/** The part of a row's free columns that the task's name may take. */
const TASK_SHARE = 0.45;
const GAP = 2;

/** One row per host, in columns: mark, host, tasks done, what it does, the last line it said, how long it takes. Each is one column narrower than the terminal. */
export function hostRows(hosts: readonly HostProgress[], { tasks, ...look }: RowsLook & { tasks: number }): string[] {
  const { style, width } = look;
  const ellipsis = style.symbols.ellipsis;
  const hostWidth = hostColumns(hosts.map(({ host }) => host));
  const countWidth = `${tasks}`.length * 2 + 1;
  const cells = hosts.map((host) => cellsOf(host, look));
  const room = Math.max(0, width - 1 - (2 + hostWidth + GAP + countWidth + GAP));
  const taskWidth = Math.min(Math.floor(room * TASK_SHARE), Math.max(0, ...cells.map(({ task }) => textWidth(task))));
  return hosts.map((host, i) => {
    const { task = '', said = '', time = '', paint, paintSaid } = cells[i] ?? cellsOf(host, look);
    const alone = said === '';
    const left = Math.max(0, room - (time === '' ? 0 : time.length + GAP));
    const name = truncate(task, alone ? left : Math.min(taskWidth, left), ellipsis);
    const rest = alone ? '' : truncate(said, Math.max(0, left - taskWidth - GAP), ellipsis);
    const used = alone ? textWidth(name) : taskWidth + GAP + textWidth(rest);
    const count =
      host.phase === 'waiting' || host.phase === 'connecting' ? '' : `${Math.min(host.ended.size, tasks)}/${tasks}`;
    const head = `${mark(host, look)} ${padEnd(truncate(cleanText(host.host), hostWidth, ellipsis), hostWidth)}  ${style.dim(padStart(count, countWidth))}  `;
    const middle = alone
      ? paint(name)
      : `${paint(name)}${' '.repeat(taskWidth - textWidth(name) + GAP)}${paintSaid(rest)}`;
    return time === ''
      ? `${head}${middle}`
      : `${head}${middle}${' '.repeat(room - used - time.length)}${style.dim(time)}`;
  });
}

interface Cells {
  task: string;
  said?: string;
  time?: string;
  paint: Paint;
  paintSaid: Paint;
}

function cellsOf(host: HostProgress, { style, now }: RowsLook): Cells {
  const { phase } = host;
  const still = (task: string, paint: Paint): Cells => ({ task, paint, paintSaid: style.dim });
  if (phase === 'done') return still(host.changed > 0 ? `${host.changed} changed` : 'nothing changed', style.dim);
  if (phase === 'failed') return still(host.task, style.red);
  if (phase === 'unreachable') return still('unreachable', style.red);
  if (phase === 'waiting' || isWaiting(host, now)) return still('waiting', style.dim);
  const plain: Paint = (text) => text;
  const long = now - host.since;
  const time = long >= NOTICEABLE && phase !== 'idle' ? elapsed(long) : '';
  if (phase === 'connecting') return { ...still('connecting', style.dim), time };
  if (isSilent(host, now)) {
    const said = `silent ${elapsed(now - host.sign)}`;
    return { task: host.task, said, time, paint: plain, paintSaid: style.yellow };
  }
  if (host.task === '') return still('connected', style.dim);
  return { task: host.task, said: lastLine(host), time, paint: plain, paintSaid: style.dim };
}

function mark(host: HostProgress, { style, tick, now }: RowsLook): string {
  const { spinner, status, dot } = style.symbols;
  if (host.phase === 'done') return style.green(status.ok);
  if (host.phase === 'failed' || host.phase === 'unreachable') return style.red(status.failed);
  if (host.phase === 'waiting' || isWaiting(host, now)) return style.dim(dot);
  return style.cyan(spinner[tick % spinner.length] ?? '');
}
