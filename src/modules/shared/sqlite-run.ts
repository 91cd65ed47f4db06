import { randomBytes } from 'node:crypto';
import type { BothContext } from '../../model/module.ts';
import { type Ended, runHere } from '../../sqlite/here.ts';
import type { Job, Ran } from '../../sqlite/program.ts';
import { programAnswer, programFault, programInput, programPath, programText } from '../../sqlite/program.ts';

/** Where a database is: on the host of the task, or on the machine that play runs on. */
export type Machine = 'target' | 'controller';

/** Runs a job by the sqlite3 program of a machine. `failed` are SQLite's words. */
export async function runSqlite(job: Job, on: Machine, context: BothContext): Promise<Ran | { failed: string }> {
  const mark = `play ${randomBytes(12).toString('hex')}`;
  const words = { args: [programPath(job.db), job.mode], stdin: programInput(job, mark) };
  const reads = job.mode !== 'write';
  const { rc, stdout, stderr } = await (on === 'target'
    ? onTarget({ ...words, reads }, context)
    : runHere(programText, { ...words, signal: context.signal }));
  const ran = rc === 0 ? programAnswer(stdout.toString('utf8'), { times: job.times, mark }) : undefined;
  return ran ?? { failed: programFault({ rc, stderr }) };
}

async function onTarget(
  { args, stdin, reads }: { args: string[]; stdin: string; reads: boolean },
  context: BothContext,
): Promise<Ended> {
  const { env, cwd } = context;
  const chunks: Buffer[] = [];
  const [answer] = await context.visit(
    [
      {
        kind: 'action',
        run: { text: programText, args, stdin, env, ...(cwd !== undefined && { cwd }) },
        ...(reads && { reads }),
      },
    ],
    { mayFail: true, received: (_, chunk) => void chunks.push(chunk) },
  );
  if (!answer) throw new Error('the host was not asked');
  return { rc: answer.rc, stderr: answer.stderr, stdout: Buffer.concat(chunks) };
}
