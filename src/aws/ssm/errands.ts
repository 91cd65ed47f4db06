import { setTimeout as pause } from 'node:timers/promises';
import { problem } from '../../problems/problem.ts';
import { type Batch, createBatches, mostInstances } from './batches.ts';
import type { SsmCalls } from './calls.ts';
import type { Errand, Order, SentCommand, Verdict } from './errand.ts';
import { follow } from './follow.ts';
import { createRoom, type Room } from './room.ts';
import { sendBatch } from './send.ts';
import type { Timing } from './timing.ts';

/** Scripts for the instances of one account and region: sent together where they are alike, followed, called off. */
export interface Errands {
  run(order: Order): Running;
  /** Resolves when every command that was to be called off has been, or that has failed. */
  calledOff(): Promise<void>;
}

const closed: Verdict = { kind: 'lost', reason: 'closed before it ended' };

/** One order. */
export interface Running {
  verdict: Promise<Verdict>;
  /** Whether it may have gone out. */
  isSent(): boolean;
  /** Nobody wants it any more: it is not sent, which is a refusal, or cancelled for its instance alone and lost. */
  callOff(): void;
}

export function createErrands({
  calls,
  region,
  timing,
  now = () => performance.now(),
}: {
  calls: SsmCalls;
  region: string;
  timing: Timing;
  now?: () => number;
}): Errands {
  const leaving = new Set<Promise<void>>();

  const tell = ({ id, first }: SentCommand, state: 'sent' | 'ended', hosts: readonly string[]): void => {
    if (hosts.length > 0) first.outstanding?.({ id, region, hosts, state });
  };

  const taken = (id: string, { errands, tag }: { errands: Errand[]; tag?: string }): void => {
    const [lead] = errands;
    if (!lead) return;
    const at = now();
    const command: SentCommand = {
      id,
      sentAt: at,
      movedAt: at,
      isQueued: (lead.order.atOnce ?? errands.length) < errands.length,
      waiting: new Map(errands.map((errand) => [errand.order.instance, errand])),
      first: lead.order,
      leaving: [],
      ended: [],
      idle: new AbortController(),
      ...(tag !== undefined && { tagged: new Set(errands.map(({ order }) => order.instance)) }),
    };
    tell(
      command,
      'sent',
      errands.map(({ order }) => order.host),
    );
    for (const errand of errands) {
      errand.command = command;
      if (errand.isCalledOff) callOff(errand);
    }
    void follow(command, { calls, timing, now, callOff, ended: () => tell(command, 'ended', command.ended.splice(0)) });
  };

  const callOff = (errand: Errand): void => {
    errand.isCalledOff = true;
    const { command, order, isSent } = errand;
    errand.settle(isSent ? closed : { kind: 'refused', problem: problem('E_CONNECT_CANCELLED', { host: order.host }) });
    if (!command?.waiting.delete(order.instance)) return;
    command.leaving.push(errand);
    if (command.leaving.length > 1) return;
    const work = pause(timing.quiet).then(() => cancel(command));
    leaving.add(work);
    void work.then(() => leaving.delete(work));
  };

  const cancel = async (command: SentCommand): Promise<void> => {
    const leaving = command.leaving.splice(0);
    const instances = leaving.map(({ order }) => order.instance);
    if (command.waiting.size === 0) command.idle.abort();
    try {
      // By a tag, one call ends all of it.
      if (command.tagged?.size === instances.length) await calls.cancel(command.id);
      else
        for (let from = 0; from < instances.length; from += mostInstances)
          await calls.cancel(command.id, instances.slice(from, from + mostInstances));
      tell(
        command,
        'ended',
        leaving.map(({ order }) => order.host),
      );
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      command.first.note(`the command ${command.id} may still run, it could not be cancelled: ${detail}`);
    }
  };

  /** One command may go to fifty hosts, and several may be under way: the run's limit is of all of them. */
  let room: Room | undefined;
  const begin = ({ errands, tag }: Batch): void => {
    const wanted = errands.filter((errand) => !errand.isCalledOff);
    const batch = { errands: wanted, ...(tag !== undefined && { tag }) };
    void sendBatch(batch, { calls, region, timing, now, taken }).catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      for (const errand of wanted) errand.settle({ kind: 'lost', reason });
    });
  };
  const add = createBatches({
    timing,
    now,
    send(batch) {
      const atOnce = batch.errands[0]?.order.atOnce;
      if (atOnce === undefined) return begin(batch);
      room ??= createRoom(atOnce);
      // The service keeps to the limit within a command (MaxConcurrency).
      let left = batch.errands.length;
      const taken = Math.min(left, atOnce);
      room.take(taken, () => begin(batch));
      const done = (): void => {
        left -= 1;
        if (left < taken) room?.give();
      };
      for (const { verdict } of batch.errands) void verdict.then(done);
    },
  });
  return {
    run(order) {
      let settle: (verdict: Verdict) => void = () => {};
      const verdict = new Promise<Verdict>((resolve) => {
        settle = resolve;
      });
      const errand: Errand = { order, settle, verdict, isCalledOff: false, isSent: false, hasBegun: false, blanks: 0 };
      add(errand);
      return { verdict, isSent: () => errand.isSent, callOff: () => callOff(errand) };
    },
    async calledOff() {
      while (leaving.size > 0) await Promise.all(leaving);
    },
  };
}
