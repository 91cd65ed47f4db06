import { cleanText } from '../util/clean-text.ts';
import { padEnd, padStart, textWidth, truncate } from '../util/text-width.ts';
import { hostColumns } from './names.ts';
import { type HostProgress, lastLine, lookOf, NOTICEABLE } from './progress.ts';
import type { Paint, Style } from './style.ts';
import { elapsed } from './times.ts';

/** What rows are drawn for. */
export interface RowsLook {
  style: Style;
  width: number;
  now: number;
  /** Tasks of the play. */
  tasks: number;
  /** Counts up with every frame, for the spinner. */
  tick: number;
}

/** The part of a row's free columns that the task's name may take. */
const TASK_SHARE = 0.45;
const GAP = 2;

/** One row per host, in columns: mark, host, tasks done, what it does, the last line it said, how long it takes. Each is one column narrower than the terminal. */
export function hostRows(hosts: readonly HostProgress[], look: RowsLook): string[] {
  const { style, width, tasks } = look;
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

function cellsOf(host: HostProgress, rows: RowsLook): Cells {
  const { style, now } = rows;
  const look = lookOf(host, rows);
  const still = (task: string, paint: Paint): Cells => ({ task, paint, paintSaid: style.dim });
  if (look === 'done') return still(host.changed > 0 ? `${host.changed} changed` : 'nothing changed', style.dim);
  if (look === 'failed') return still(host.task, style.red);
  if (look === 'unreachable') return still('unreachable', style.red);
  if (look === 'waiting') return still('waiting', style.dim);
  const long = now - host.since;
  const time = long >= NOTICEABLE ? elapsed(long) : '';
  if (look === 'connecting') return { ...still('connecting', style.dim), time };
  if (host.task === '') return still('connected', style.dim);
  const plain: Paint = (text) => text;
  if (look === 'working') return { task: host.task, said: lastLine(host), time, paint: plain, paintSaid: style.dim };
  const said = `silent ${elapsed(now - host.sign)}`;
  return { task: host.task, said, time, paint: plain, paintSaid: style.yellow };
}

function mark(host: HostProgress, rows: RowsLook): string {
  const { style, tick } = rows;
  const { spinner, status, dot } = style.symbols;
  const look = lookOf(host, rows);
  if (look === 'done') return style.green(status.ok);
  if (look === 'failed' || look === 'unreachable') return style.red(status.failed);
  if (look === 'waiting') return style.dim(dot);
  return style.cyan(spinner[tick % spinner.length] ?? '');
}
