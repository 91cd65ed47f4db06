import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Problem, problem } from '../../problems/problem.ts';
import { awsProblem, errorName } from '../faults.ts';
import { type Batch, mostInstances } from './batches.ts';
import type { Sent, SsmCalls } from './calls.ts';
import type { Errand, Order, Verdict } from './errand.ts';
import type { Timing } from './timing.ts';

export interface Sending {
  calls: SsmCalls;
  region: string;
  timing: Timing;
  now: () => number;
  /** These errands have become one command. */
  taken(id: string, batch: Batch): void;
}

/** Sends a batch; those that AWS will not take are left out and told so, the others go without them. */
export async function sendBatch({ errands: all, tag: wanted }: Batch, sending: Sending): Promise<void> {
  await sending.calls.ready();
  // Many may wait for that, and some are called off meanwhile. A tag would reach those as well.
  const errands = all.filter((errand) => !errand.isCalledOff);
  const tag = errands.length === all.length ? wanted : undefined;
  if (tag === undefined && errands.length > mostInstances) {
    for (const part of halves(errands)) await sendBatch({ errands: part }, sending);
    return;
  }
  const first = errands[0]?.order;
  if (!first) return;
  for (const errand of errands) errand.isSent = true;
  const comment = ['play', first.run, randomBytes(8).toString('hex')].filter(Boolean).join(' ');
  const to = tag === undefined ? errands.map(({ order }) => order.instance) : { tag };
  const { script, deliveryTimeout, executionTimeout } = first;
  const sent = await sending.calls.send({
    to,
    script,
    comment,
    deliveryTimeout,
    executionTimeout,
    ...limits(first),
  });
  const batch = { errands, ...(tag !== undefined && { tag }) };
  if (sent.kind === 'sent') sending.taken(sent.id, batch);
  else if (sent.kind === 'unsure') await lookFor(comment, { batch, error: sent.error, sending });
  else await refuse(sent, { batch, sending });
}

/**
 * All at once and however many fail, unless the run says otherwise: AWS's own defaults are 50 at once and an end at the first error.
 * A limit of failures holds for each command by itself.
 */
function limits({ atOnce, mayFail }: Order): { maxConcurrency: string; maxErrors: string } {
  return {
    maxConcurrency: atOnce === undefined ? '100%' : String(Math.max(1, atOnce)),
    maxErrors: `${Math.floor(Math.min(mayFail ?? 100, 100))}%`,
  };
}

/** Nobody has said whether AWS has it. Sending again might run it twice; so it is looked for by its comment. */
async function lookFor(
  comment: string,
  { batch, error, sending }: { batch: Batch; error: unknown; sending: Sending },
): Promise<void> {
  const { calls, timing, now } = sending;
  const until = now() + timing.unsure;
  const instance = batch.tag === undefined ? batch.errands[0]?.order.instance : undefined;
  try {
    for (let wait = timing.firstLook; now() < until; wait *= 2) {
      await pause(wait);
      const id = await calls.find(comment, instance);
      if (id === undefined) continue;
      sending.taken(id, batch);
      return;
    }
  } catch {
    // Then it stays unknown, for the reason that came first.
  }
  const detail = error instanceof Error ? error.message : String(error);
  const reason = `no answer came to ssm:SendCommand (${detail}), and no command was found that it had made`;
  settleAll(batch.errands, () => ({ kind: 'lost', reason }));
}

async function refuse(
  { error }: Extract<Sent, { kind: 'refused' }>,
  { batch, sending }: { batch: Batch; sending: Sending },
): Promise<void> {
  const { errands } = batch;
  const name = errorName(error);
  const detail = error instanceof Error ? error.message : '';
  // One instance spoils it for all. The message names it; if not, halves are tried, since nothing of it was taken.
  if (batch.tag === undefined && (name === 'InvalidInstanceId' || name === 'UnsupportedPlatformType')) {
    const named = errands.filter(({ order }) => detail.includes(order.instance));
    const bad = errands.length === 1 ? errands : named;
    settleAll(bad, ({ order }) => ({ kind: 'refused', problem: ofInstance(name, order, sending.region, detail) }));
    const rest = errands.filter((errand) => !bad.includes(errand));
    const parts = bad.length > 0 ? [rest] : halves(rest);
    for (const part of parts) await sendBatch({ errands: part }, sending);
    return;
  }
  settleAll(errands, ({ order }) => ({ kind: 'refused', problem: ofCall(error, order) }));
}

function ofInstance(name: string, { host, instance }: Order, region: string, detail: string): Problem {
  if (name === 'UnsupportedPlatformType') return problem('E_SSM_PLATFORM', { host, instance });
  return problem('E_SSM_INSTANCE', { host, instance, region, detail: detail || name });
}

function ofCall(error: unknown, { host, script }: Order): Problem {
  if (errorName(error) !== 'MaxDocumentSizeExceeded') return awsProblem(error, 'ssm:SendCommand');
  return problem('E_SSM_TOO_LONG', { host, bytes: script.length, most: script.length - 1 });
}

function halves(errands: readonly Errand[]): Errand[][] {
  const middle = Math.ceil(errands.length / 2);
  return [errands.slice(0, middle), errands.slice(middle)];
}

function settleAll(errands: readonly Errand[], verdict: (errand: Errand) => Verdict): void {
  for (const errand of errands) errand.settle(verdict(errand));
}
