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

/** One order. */
export interface Running {
  verdict: Promise<Verdict>;
  /** Nobody wants it any more: it is not sent, or cancelled for its instance alone. There is no verdict then. Tells whether it may have gone out. */
  callOff(): boolean;
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

  const ended = (command: SentCommand): void => {
    if (command.isOver) return;
    command.isOver = true;
    const { id, hosts, first } = command;
    first.outstanding?.({ id, region, hosts, state: 'ended' });
  };

  const taken = (id: string, { errands, tag }: { errands: Errand[]; tag?: string }): void => {
    const [lead] = errands;
    if (!lead) return;
    const command: SentCommand = {
      id,
      sentAt: now(),
      waiting: new Map(errands.map((errand) => [errand.order.instance, errand])),
      first: lead.order,
      hosts: errands.map(({ order }) => order.host),
      leaving: [],
      isOver: false,
      idle: new AbortController(),
      ...(tag !== undefined && { tagged: new Set(errands.map(({ order }) => order.instance)) }),
    };
    command.first.outstanding?.({ id, region, hosts: command.hosts, state: 'sent' });
    for (const errand of errands) {
      errand.command = command;
      if (errand.isCalledOff) callOff(errand);
    }
    void follow(command, { calls, timing, now, callOff }).then(() => {
      // Those that were called off are told of when AWS has heard it.
      if (!command.idle.signal.aborted) ended(command);
    });
  };

  const callOff = (errand: Errand): void => {
    errand.isCalledOff = true;
    const { command, order } = errand;
    if (!command?.waiting.delete(order.instance)) return;
    command.leaving.push(order.instance);
    if (command.leaving.length > 1) return;
    const work = new Promise((resolve) => setTimeout(resolve, timing.quiet)).then(() => cancel(command));
    leaving.add(work);
    void work.then(() => leaving.delete(work));
  };

  const cancel = async (command: SentCommand): Promise<void> => {
    const instances = command.leaving.splice(0);
    const isLast = command.waiting.size === 0;
    if (isLast) command.idle.abort();
    try {
      // By a tag, one call ends all of it.
      if (isLast && command.tagged?.size === instances.length) await calls.cancel(command.id);
      else
        for (let from = 0; from < instances.length; from += mostInstances)
          await calls.cancel(command.id, instances.slice(from, from + mostInstances));
      if (isLast) ended(command);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      command.first.note(`the command ${command.id} may still run, it could not be cancelled: ${detail}`);
    }
  };

  let room: Room | undefined;
  const begin = ({ errands, tag }: Batch): void => {
    // Those that were called off while they waited for room are not sent any more.
    const wanted = errands.filter((errand) => !errand.isCalledOff);
    for (const errand of wanted) errand.isSent = true;
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
      const atOnce = batch.tag === undefined ? batch.errands[0]?.order.atOnce : undefined;
      if (atOnce === undefined) return begin(batch);
      room ??= createRoom(atOnce);
      room.take(batch.errands.length, () => begin(batch));
      for (const { done } of batch.errands) void done.then(() => room?.give());
    },
  });
  return {
    run(order) {
      let settle: (verdict: Verdict) => void = () => {};
      let leave: () => void = () => {};
      const verdict = new Promise<Verdict>((resolve) => {
        settle = resolve;
      });
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const done = Promise.race([verdict, left]);
      const errand: Errand = { order, settle, done, isCalledOff: false, isSent: false, hasBegun: false, blanks: 0 };
      add(errand);
      return {
        verdict,
        callOff() {
          callOff(errand);
          leave();
          return errand.isSent;
        },
      };
    },
    async calledOff() {
      while (leaving.size > 0) await Promise.all(leaving);
    },
  };
}
