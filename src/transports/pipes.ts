import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { close as closeFd, constants, open as openFd } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Both ends of three pipes: ours as streams, the child's as descriptors. */
export interface Pipes {
  stdin: Socket;
  stdout: Socket;
  stderr: Socket;
  /** For the child's 0, 1 and 2. */
  child: number[];
  /** Closes the child's ends here, where they would keep the pipes open for ever. */
  handOver(): void;
  /** Closes what is left of it. */
  close(): void;
}

/** Descriptors of the two ends of one pipe. */
interface Ends {
  read: number;
  write: number;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
const open = promisify(openFd);

/**
 * Makes real pipes. What Node calls pipes are socket pairs, which cannot be opened by name: `echo x > /dev/stderr` fails on them with
 * ENXIO. Node cannot make pipes itself, so a shell makes them; where /proc does not give them to us, named ones do.
 */
export async function makePipes(): Promise<Pipes> {
  const [input, output, errors] = await anonymousPipes().catch(namedPipes);
  if (!input || !output || !errors) throw new Error('three pipes were asked for');
  const ours = {
    stdin: new Socket({ fd: input.write, readable: false, writable: true }),
    stdout: new Socket({ fd: output.read, readable: true, writable: false }),
    stderr: new Socket({ fd: errors.read, readable: true, writable: false }),
  };
  const child = [input.read, output.write, errors.write];
  let left = child;
  const handOver = (): void => {
    for (const fd of left) closeFd(fd);
    left = [];
  };
  return {
    ...ours,
    child,
    handOver,
    close: () => {
      handOver();
      for (const stream of Object.values(ours)) stream.destroy();
    },
  };
}

/** Holds the reading ends of three pipelines as 4, 5 and 6, tells its process id and waits for the end of its descriptor 3. */
const holder =
  ': | { exec 4<&0; : | { exec 5<&0; : | { exec 6<&0; read -r pid rest </proc/self/stat; echo "$pid"; read -r rest <&3; }; }; }';

/** Pipes as `|` makes them. Opened anew through /proc, each end has flags of its own: ours does not block, the child's does. */
async function anonymousPipes(): Promise<Ends[]> {
  const shell = spawn('/bin/sh', ['-c', holder], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  try {
    const said = shell.stdout;
    if (!said) throw new Error('the shell has no output');
    const [pid] = await Promise.race([once(said, 'data'), once(said, 'end'), once(shell, 'error')]);
    const ends: Ends[] = [];
    for (const fd of [4, 5, 6]) {
      const path = `/proc/${String(pid).trim()}/fd/${fd}`;
      ends.push({ read: await open(path, O_RDONLY), write: await open(path, O_WRONLY) });
    }
    return ends;
  } finally {
    for (const stream of shell.stdio) stream?.destroy();
  }
}

/**
 * Named pipes, whose directory is removed at once. Not the first choice: a process that opens one by name when its other end is
 * closed waits for ever, where an anonymous pipe gives it an error.
 */
export async function namedPipes(): Promise<Ends[]> {
  const dir = await mkdtemp(join(tmpdir(), 'play-'));
  try {
    const paths = ['0', '1', '2'].map((name) => join(dir, name));
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
    const ends: Ends[] = [];
    for (const path of paths) {
      // In the order that POSIX allows without waiting: a reader that does not block, a writer, a reader that may block.
      const first = await open(path, O_RDONLY | O_NONBLOCK);
      const write = await open(path, O_WRONLY);
      ends.push({ read: await open(path, O_RDONLY), write });
      closeFd(first);
    }
    return ends;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
