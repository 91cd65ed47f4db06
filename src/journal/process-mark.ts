import { readFileSync } from 'node:fs';

/** One process of this machine, told apart from a later one that gets the same number. */
export interface ProcessMark {
  pid: number;
  /** When it started, in the kernel's ticks since boot. */
  start: string;
}

/** Position of the start time in /proc/PID/stat, counted after the name in brackets. */
const START_FIELD = 19;

/** This process, or undefined on a system without /proc. */
export function thisProcess(): ProcessMark | undefined {
  return markOf('self');
}

/** Whether that very process is still alive; false when it cannot be known. */
export function isAlive(mark: ProcessMark | undefined): boolean {
  return mark !== undefined && markOf(mark.pid)?.start === mark.start;
}

function markOf(pid: number | 'self'): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
    return start === undefined ? undefined : { pid: Number.parseInt(stat, 10), start };
  } catch {
    return undefined;
  }
}
