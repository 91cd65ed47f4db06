import { execFile } from 'node:child_process';
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
  /** For the child's 0, 1 and 2; close them when it has started. */
  child: number[];
  /** Closes the child's ends here, where they would keep the pipes open for ever. */
  handOver(): void;
  /** Closes what is left of it. */
  close(): void;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Makes real pipes. What Node calls pipes are socket pairs, which cannot be opened by name: `echo x > /dev/stderr` fails on them with
 * ENXIO. Named pipes in a directory of our own can, and they go on working when the directory is gone, which is at once.
 */
export async function makePipes(): Promise<Pipes> {
  const dir = await mkdtemp(join(tmpdir(), 'play-'));
  try {
    const names = ['0', '1', '2'].map((name) => join(dir, name));
    await promisify(execFile)('mkfifo', ['-m', '600', ...names]);
    const [input = '', output = '', errors = ''] = names;
    // The order is what POSIX allows without waiting: a reader that does not block, then a writer, then a reader that may block.
    const open = promisify(openFd);
    const start = await open(input, O_RDONLY | O_NONBLOCK);
    const stdin = await open(input, O_WRONLY | O_NONBLOCK);
    const child0 = await open(input, O_RDONLY);
    closeFd(start);
    const stdout = await open(output, O_RDONLY | O_NONBLOCK);
    const child1 = await open(output, O_WRONLY);
    const stderr = await open(errors, O_RDONLY | O_NONBLOCK);
    const child2 = await open(errors, O_WRONLY);
    const ours = {
      stdin: new Socket({ fd: stdin, readable: false, writable: true }),
      stdout: new Socket({ fd: stdout, readable: true, writable: false }),
      stderr: new Socket({ fd: stderr, readable: true, writable: false }),
    };
    const child = [child0, child1, child2];
    let left: readonly number[] = child;
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
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
