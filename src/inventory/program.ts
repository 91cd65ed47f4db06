import { type Problem, problem } from '../problems/problem.ts';

/** An inventory program, and how it is run. */
export interface Program {
  /** Full path of the executable. */
  path: string;
  /** How it is named to people. */
  shown: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until it is stopped. */
  timeout: number;
}

/** Seconds that a program may take are plenty for a cloud's answer; who needs more should keep a cache of its own. */
export const programTimeout = 30_000;

/** Enough for a hundred thousand hosts. */
const mostBytes = 256 * 1024 * 1024;

/** What an inventory program wrote to its standard output, or why that cannot be used. Its standard error is shown only when it fails. */
export async function runProgram(
  program: Program,
  args: readonly string[],
): Promise<{ text: string } | { problem: Problem }> {
  const { spawn } = await import('node:child_process');
  const { path, shown, cwd, env, timeout } = program;
  const command = [shown, ...args].join(' ');
  return new Promise((resolve) => {
    const child = spawn(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let size = 0;
    let errors = '';
    let stopped: 'late' | 'long' | undefined;
    const stop = (why: 'late' | 'long'): void => {
      stopped ??= why;
      child.kill('SIGKILL');
      // What it started may live on and hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => stop('late'), timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) stop('long');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-4_000);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // The file was there a moment ago: what is missing is the interpreter that its first line names.
      const reason = error.code === 'ENOENT' ? 'the interpreter in its first line is not there' : error.message;
      resolve({ problem: problem('E_PROGRAM_START', { path: shown, reason }) });
    });
    child.on('close', (exit, signal) => {
      clearTimeout(timer);
      const said = errors.trim();
      if (stopped === 'late')
        resolve({ problem: problem('E_PROGRAM_TIMEOUT', { command, seconds: timeout / 1000, said }) });
      else if (stopped === 'long') resolve({ problem: problem('E_PROGRAM_LONG', { command, bytes: mostBytes }) });
      else if (exit !== 0)
        resolve({
          problem: problem('E_PROGRAM_FAILED', {
            command,
            how: exit === null ? `signal ${signal}` : `exit code ${exit}`,
            said,
          }),
        });
      else resolve({ text: Buffer.concat(out).toString('utf8') });
    });
  });
}
