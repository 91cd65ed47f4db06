import type { Fields } from '../../model/value.ts';

/** Fields of one process, with a sentence each. */
export const processFields = {
  'processes.pid': 'Its number.',
  'processes.ppid': 'The number of the process that started it, or has taken it over.',
  'processes.name':
    'Name of its program; what the kernel cut off at 15 bytes is made whole where the command shows it.',
  'processes.command': 'Its command line, with spaces between the arguments; empty for threads of the kernel.',
  'processes.args': 'The same, as a list; one text where the system does not tell them apart.',
  'processes.user': 'Whose rights it has: the name, or the number of a user without one.',
  'processes.uid': 'The same as a number.',
  'processes.state': '`running`, `sleeping`, `disk-sleep`, `stopped`, `tracing-stop`, `zombie`, `idle` or `dead`.',
  'processes.started': 'When it was started, in seconds since 1970.',
  'processes.elapsed': 'Seconds since then.',
  'processes.cpu_seconds': 'Seconds of processor time that it has used.',
  'processes.cpu_percent': 'The same in percent of one processor, over all the time since its start.',
  'processes.rss': 'Memory that it holds, in bytes.',
  'processes.vsize': 'Address space that it has, in bytes.',
  'processes.memory_percent': 'The memory that it holds, in percent of all there is.',
  'processes.threads': 'How many threads it has; null where the system does not say.',
  'processes.nice': 'Its niceness: -20 is first, 19 last.',
  'processes.children': 'Numbers of those of the list that it has started.',
};

/** What the letter of proc(5), or of the ps of a BSD, means. */
const states: Record<string, string> = {
  R: 'running',
  S: 'sleeping',
  D: 'disk-sleep',
  U: 'disk-sleep',
  T: 'stopped',
  t: 'tracing-stop',
  Z: 'zombie',
  I: 'idle',
  X: 'dead',
  x: 'dead',
};

/** One process; numbers that a host does not give are 0. */
export interface Process extends Fields {
  pid: number;
  ppid: number;
  name: string;
  cpu_percent: number;
  rss: number;
  started: number;
  children: number[];
}

/** Reads the `details` rows of processSelect. Never throws, whatever a host says. */
export function readProcesses(text: string): Process[] {
  const users = new Map<string, string>();
  const rows: string[][] = [];
  let host: Host = { hz: 100, boot: 0, uptime: 0, memory: 0 };
  for (const line of text.split('\n')) {
    const row = line.split('\t');
    if (row[0] === 'host') host = hostOf(row);
    else if (row[0] === 'user') users.set(row[1] ?? '', row[2] ?? '');
    else if (/^\d+$/.test(row[0] ?? '') && row.length === 12) rows.push(row);
  }
  const processes = rows.map((row) => processOf(row, host, users));
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  for (const { pid, ppid } of processes) if (pid !== ppid) byPid.get(ppid)?.children.push(pid);
  return processes;
}

interface Host {
  /** Ticks a second. */
  hz: number;
  /** When it was started, in seconds since 1970. */
  boot: number;
  /** Seconds since then. */
  uptime: number;
  /** Bytes. */
  memory: number;
}

function hostOf([, hz, boot, uptime, memory]: string[]): Host {
  return { hz: number(hz) || 100, boot: number(boot), uptime: number(uptime), memory: number(memory) * 1024 };
}

function processOf(row: string[], host: Host, users: Map<string, string>): Process {
  const [pid, ppid, uid = '', state = '', nice, threads, rss, vsize, cpu, start, name = '', command = ''] = row;
  const began = number(start) / host.hz;
  const elapsed = Math.max(0, host.uptime - began);
  const used = number(cpu) / host.hz;
  const held = number(rss) * 1024;
  const args = command === '' ? [] : command.split('\u001f');
  return {
    pid: number(pid),
    ppid: number(ppid),
    name,
    command: args.join(' '),
    args,
    user: users.get(uid) ?? uid,
    uid: number(uid),
    state: Object.hasOwn(states, state) ? (states[state] ?? '') : state,
    started: Math.round(host.boot + began),
    elapsed: rounded(elapsed),
    cpu_seconds: rounded(used),
    cpu_percent: percent(used, elapsed),
    rss: held,
    vsize: number(vsize),
    memory_percent: percent(held, host.memory),
    threads: threads === '' ? null : number(threads),
    nice: number(nice),
    children: [],
  };
}

function number(text: string | undefined): number {
  const value = /^-?\d{1,20}(\.\d{1,9})?$/.test(text ?? '') ? Number(text) : 0;
  return Number.isFinite(value) ? value : 0;
}

function percent(part: number, whole: number): number {
  return whole > 0 ? rounded((part / whole) * 100) : 0;
}

/** Hundredths are as much as clocks of hosts tell. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
