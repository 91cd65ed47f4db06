import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';

/** How the program ended. */
export interface Ended {
  rc: number | null;
  stdout: Buffer;
  stderr: string;
}

/** Runs shell text that calls the sqlite3 program on the machine that play runs on. */
export async function runHere(
  program: string,
  { args, stdin, signal }: { args: string[]; stdin: string; signal?: AbortSignal },
): Promise<Ended> {
  const child = spawn('/bin/sh', ['-c', program, 'sqlite', ...args], { signal });
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr, [rc]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')]);
  return { rc, stdout, stderr };
}
