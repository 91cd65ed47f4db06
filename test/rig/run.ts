import { execFile } from 'node:child_process';

/** How a program of the rig ended; `rc` is -1 when it could not be started or died of a signal. */
export interface Ran {
  rc: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, with `input` on standard input. Never rejects: the caller looks at `rc`. */
export function run(file: string, args: string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const rc = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ rc, stdout, stderr: stderr || (rc === -1 ? String(error) : '') });
    });
    // A program that does not read its input closes the pipe early; that is its right.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs a program that has to succeed. Throws with its standard error otherwise. */
export async function must(file: string, args: string[], input?: string): Promise<string> {
  const { rc, stdout, stderr } = await run(file, args, input);
  if (rc !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${rc}: ${stderr.trim()}`);
  return stdout;
}

/** Repeats `attempt` every 20 ms until it gives something other than undefined, for at most `ms` milliseconds. */
export async function eventually<T>(what: string, ms: number, attempt: () => T | undefined): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const result = attempt();
    if (result !== undefined) return result;
    if (performance.now() > deadline) throw new Error(`test rig: ${what} did not happen within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
