import type { Connection, PipeEnd } from '../../src/model/transport.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';

/** What came of one command. */
export interface Talked {
  end: PipeEnd;
  stdout: Buffer;
  stderr: Buffer;
}

/** Runs a command to its end and keeps what it said; `input` goes to its standard input, which is then closed. */
export async function talk(connection: Connection, command: string, input?: Buffer | string): Promise<Talked> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const pipe = await connection.open(command, {
    stdout: (chunk) => stdout.push(chunk),
    stderr: (chunk) => stderr.push(chunk),
  });
  if (input !== undefined) await pipe.write(input);
  pipe.end();
  const end = await pipe.ended;
  return { end, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}

/** What a user reads and a script sees when something does not work. Throws when it does. */
export async function refused(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string; exit: number }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0] === undefined) throw error;
    const { message, hint = '', exit } = sentence(error.problems[0]);
    return { code: error.problems[0].code, message, hint, exit };
  }
  throw new Error('it worked');
}

/** Waits until the condition holds, for 10 seconds at most. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
