import type { Readable } from 'node:stream';
import { ProblemError, sentence } from '../../problems/problem.ts';
import type { Answer, Ran } from './answer.ts';
import type { Plan } from './plans.ts';
import { answerBytes, partScript, putScript } from './script.ts';
import type { Shooter, ShotEnd } from './shot.ts';

/** What output is fetched with. */
export interface Fetching {
  plan: Plan;
  shooter: Shooter;
  ask(script: string, what: { id: string; key: string }): Promise<Answer | ShotEnd>;
}

/** Output from the bucket; `remove` deletes the object. */
export interface Streamed {
  stream: Readable;
  remove(): Promise<void>;
}

/** Stored bytes that are read by commands, without a bucket. */
const mostByCommands = 4 * 2 ** 20;

/** Parts that are asked for at once: the agent runs five commands beside each other unless it is told otherwise (CommandWorkersLimit). */
const atOnce = 4;

/** Seconds that the URL is good for by which an instance puts its output. */
const urlSeconds = 900;

/** Brings the output of a command here that is too long for its answer: through the bucket, else part by part. Nothing of it stays behind. */
export async function fetchOutput(ran: Ran, fetching: Fetching): Promise<Buffer | Streamed | ShotEnd> {
  const { shooter, plan } = fetching;
  if (shooter.settings.bucket === undefined) return byParts(ran, fetching);
  const put = await byBucket(shooter.settings.bucket, fetching);
  if ('reason' in put && 'fallsBack' in put && !plan.putsOutput) return byParts(ran, fetching);
  return 'reason' in put ? lost(put.reason) : put;
}

async function byBucket(
  name: string,
  { shooter, plan, ask }: Fetching,
): Promise<Streamed | { reason: string; fallsBack?: true }> {
  const { account, settings, host, options } = shooter;
  try {
    const objects = await account.objects({ name, ...(settings.kmsKey && { kmsKey: settings.kmsKey }) });
    const { key, url, headers } = await objects.place(urlSeconds);
    const remove = async (): Promise<void> => {
      await objects.remove(key).catch((error: Error) => {
        options.note?.(`${host}: the object s3://${name}/${key} could not be removed: ${error.message}`);
      });
    };
    const answer = await ask(putScript(plan.id, { url, headers }), { id: plan.id, key: `put ${key}` });
    if (answer.kind === 'put') return { stream: await objects.read(key), remove };
    // It may be there all the same: the answer only got lost.
    await remove();
    if (answer.kind === 'unput')
      return { reason: `its output could not be put into the bucket: ${answer.detail}`, fallsBack: true };
    return { reason: wordsOf(answer) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { reason: error.message, fallsBack: true };
  }
}

async function byParts({ out, err }: Ran, { plan, ask }: Fetching): Promise<Buffer | ShotEnd> {
  const total = out + err;
  if (total > mostByCommands)
    return lost(
      `it wrote ${total} bytes, compressed, more than commands bring back: set ansible_aws_ssm_bucket_name to read them through S3`,
    );
  const count = Math.ceil(total / answerBytes);
  const parts: Buffer[] = [];
  const read = async (part: number): Promise<string | undefined> => {
    const isLast = part === count - 1;
    const script = partScript(plan.id, { part, isLast });
    const answer = await ask(script, { id: plan.id, key: `part ${part}${isLast ? ' last' : ''}` });
    if (answer.kind !== 'part') return wordsOf(answer);
    parts[part] = answer.bytes;
    return undefined;
  };
  // The last one removes what is kept, so it comes when all others are here.
  for (let from = 0; from < count - 1; from += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, count - 1 - from) }, (_, i) => from + i);
    const fault = (await Promise.all(numbers.map(read))).find((each) => each !== undefined);
    if (fault !== undefined) return lost(fault);
  }
  const fault = await read(count - 1);
  return fault === undefined ? Buffer.concat(parts) : lost(fault);
}

function wordsOf(answer: Answer | ShotEnd): string {
  const cause = 'its output could not be read back';
  if (answer.kind === 'lost') return `${cause}: ${answer.reason}`;
  if (answer.kind === 'refused') return `${cause}: ${sentence(answer.problem).message}`;
  return answer.kind === 'no' && answer.reason === 'gone' ? `${cause}: it has been removed from the instance` : cause;
}

function lost(reason: string): ShotEnd {
  return { kind: 'lost', reason };
}
