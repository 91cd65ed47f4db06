import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from './run.ts';

/** One running process, zombies left out. */
interface Process {
  pid: number;
  parent: number;
  uid: number;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function processes(): Process[] {
  const found: Process[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const status = read(pid, 'status');
    const field = (key: string) => new RegExp(`^${key}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    const state = field('State');
    if (state === undefined || state === 'Z' || state === 'X') continue;
    found.push({ pid, parent: Number(field('PPid')), uid: Number(field('Uid')) });
  }
  return found;
}

/** Children of a process, their children and so on; not the process itself. */
export function descendants(root: number): number[] {
  const all = processes();
  const family = [root];
  for (const parent of family) for (const p of all) if (p.parent === parent) family.push(p.pid);
  return family.slice(1);
}

/** Everything that sessions of the server on this port started, also what left its parent: sshd's environment tells. */
export function sessionProcesses(port: number): number[] {
  const mark = new RegExp(`(?:^|\\0)SSH_CONNECTION=\\S+ \\d+ \\S+ ${port}\\0`);
  return processes()
    .filter(({ pid }) => pid !== process.pid && mark.test(read(pid, 'environ')))
    .map(({ pid }) => pid);
}

/** Everything that runs under this user id. */
export function processesOf(uid: number): number[] {
  return processes()
    .filter((p) => p.uid === uid)
    .map(({ pid }) => pid);
}

/** Sends a signal to each of the processes that are still there. */
export function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Kills until `list` is empty: a process may fork while the list is made. */
export async function killAll(list: () => number[]): Promise<void> {
  await eventually('the end of all processes of the rig', 10_000, () => {
    const pids = list();
    signal(pids, 'SIGKILL');
    return pids.length === 0 ? true : undefined;
  });
}

/** True when the process is there and its command line holds the text. */
export function isRunning(pid: number, text: string): boolean {
  return read(pid, 'cmdline').includes(text);
}
