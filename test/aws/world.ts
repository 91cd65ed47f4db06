import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import type { Instance } from './types.ts';

/**
 * A machine for the commands of one instance: the files of this one below, and all that is written above them in memory, seen by nobody
 * else and gone with it. It has its own /tmp, /run and name; processes, users' ids and the network are those of this machine.
 */
export interface World {
  /** What a command line begins with to run in there. */
  enter: string[];
  /** Where its files are for this process. */
  root: string;
  /** The process that holds it open, and the mounts that tell its processes from others. */
  holder: number;
  mounts: string;
}

/** Only in memory is an overlay possible everywhere; its /mnt is where the old root goes before it is let go. */
const build = `set -e
mount -t tmpfs -o mode=755 play /mnt
mkdir /mnt/upper /mnt/work /mnt/root /mnt/tmp /mnt/vartmp
chmod 1777 /mnt/tmp /mnt/vartmp
mount -t overlay play -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
for each in proc sys dev; do mount --rbind /$each $each; done
mount --bind /mnt/tmp tmp
mount --bind /mnt/vartmp var/tmp
mount -t tmpfs -o mode=755 play run
mkdir -p -m 1777 run/lock
pivot_root . mnt
cd /
umount -l /mnt
hostname "$1"
echo "127.0.1.1 $1" >> /etc/hosts
echo "$1" > /etc/hostname
echo ready
exec cat`;

/** Needs root, Linux and overlayfs. */
export async function openWorld({ hostname }: Instance): Promise<World> {
  // It ends when this process does, however that ends: `cat` reads from it.
  const unshare = ['--mount', '--uts', '--propagation', 'private'];
  const holder = spawn('unshare', [...unshare, 'sh', '-c', build, 'world', hostname], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = await ready(holder);
  const mounts = readlinkSync(`/proc/${pid}/ns/mnt`);
  return {
    enter: ['nsenter', `--mount=/proc/${pid}/ns/mnt`, `--uts=/proc/${pid}/ns/uts`],
    root: `/proc/${pid}/root`,
    holder: pid,
    mounts,
  };
}

/** Ends all processes in there, as a reboot does. */
export function restart({ mounts, holder }: World): void {
  for (const pid of processesIn(new Set([mounts]))) if (pid !== holder) end(pid);
}

/** Ends them with all that is in them. */
export function closeWorlds(worlds: readonly World[]): void {
  for (const pid of processesIn(new Set(worlds.map(({ mounts }) => mounts)))) end(pid);
}

async function ready(holder: ChildProcess): Promise<{ pid: number }> {
  let said = '';
  holder.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [first] = await Promise.race([once(holder.stdout!, 'data'), once(holder, 'close')]);
  if (!(first instanceof Buffer))
    throw new Error(`test aws: no world for an instance (needs root and overlayfs): ${said}`);
  return { pid: holder.pid! };
}

function processesIn(mounts: ReadonlySet<string>): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return mounts.has(readlinkSync(`/proc/${name}/ns/mnt`)) ? [Number(name)] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
