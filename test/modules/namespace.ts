import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** A place where the host's name and /etc can be changed without anyone outside seeing it; needs root and Linux. */
export interface Namespace {
  /** The command line of a shell in there. */
  shell(command: readonly string[]): string[];
  /** Runs shell text in there and gives what it prints. */
  run(text: string): string;
  close(): void;
}

/** Makes one, with a copy of /etc. */
export function openNamespace(): Namespace {
  const holder: ChildProcess = spawn('unshare', ['--uts', '--mount', 'sleep', '600'], { stdio: 'ignore' });
  const enter = ['nsenter', '--uts', '--mount', '--target', String(holder.pid)];
  const run = (text: string): string => {
    const [program = '', ...words] = [...enter, 'sh', '-c', text];
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${text}: exit ${status}: ${stderr}`);
    return stdout.trimEnd();
  };
  // The holder is this process's own until it has left for its namespace.
  const until = Date.now() + 10_000;
  while (
    run('readlink /proc/self/ns/uts') ===
    spawnSync('readlink', ['/proc/self/ns/uts'], { encoding: 'utf8' }).stdout.trimEnd()
  ) {
    if (Date.now() > until) throw new Error('there is no namespace after 10 s');
  }
  run('mount -t tmpfs play /mnt && cp -a /etc/. /mnt/ && mount --move /mnt /etc');
  return { shell: (command) => [...enter, ...command], run, close: () => void holder.kill() };
}
