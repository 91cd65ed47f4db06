import type { Value } from '../model/value.ts';
import type { PlannedPlay } from '../plan/planned.ts';
import { createMeeting, type Meeting } from './meeting.ts';
import { createSlots, type Slots } from './slots.ts';

/** What one host has done for all: the names that it has given a value, those whose value only a real run gives, or that it has failed. */
export interface Once {
  values: [name: string, value: Value][];
  unknown: [name: string, cause: string][];
  failed: boolean;
}

/** Work that one host does for all. */
export interface OnceWork {
  result: Promise<Once>;
  /** One host is at it, or has done it: the others may have come first, and wait. */
  isTaken: boolean;
  done(once: Once): void;
}

/** The hosts that go through a play together. */
export interface Batch {
  /** In the order in which they are taken. */
  hosts: readonly string[];
  meeting: Meeting;
  /** Those that have failed, cannot be reached, or whose state is not known. */
  failed: Set<string>;
  /** `meta: end_play` was reached: no host gets more tasks. */
  ended: boolean;
  /** What was done once for all of the batch, and for all of the play, by the id of the step. */
  once: Record<'batch' | 'play', Map<string, OnceWork>>;
  /** Slots of tasks that only some hosts may do at the same time, by id. */
  throttles: Map<string, Slots>;
}

/** Makes a batch; its play keeps what was done once in it. */
export function createBatch(hosts: readonly string[], onceInPlay: Map<string, OnceWork>): Batch {
  return {
    hosts,
    meeting: createMeeting(hosts.length),
    failed: new Set(),
    ended: false,
    once: { batch: new Map(), play: onceInPlay },
    throttles: new Map(),
  };
}

/** Why a play must not go on after what has failed in a batch; undefined: it may. */
export function stopReason({ play }: PlannedPlay, { hosts, failed }: Batch): string | undefined {
  if (failed.size === 0) return undefined;
  const those = `${failed.size} of ${hosts.length} host${hosts.length === 1 ? '' : 's'} failed`;
  if (play.anyErrorsFatal) return `${those}, and any_errors_fatal is set`;
  const most = play.maxFailPercentage;
  if (most !== undefined) {
    return (failed.size / hosts.length) * 100 > most ? `${those}, more than max_fail_percentage ${most}` : undefined;
  }
  return play.serial.length > 0 && failed.size === hosts.length ? `${those}, the whole batch` : undefined;
}

/** The slots of a task that only so many hosts may do at the same time. */
export function throttleOf(batch: Batch, id: string, most: number): Slots {
  const slots = batch.throttles.get(id) ?? createSlots(most);
  batch.throttles.set(id, slots);
  return slots;
}

/** Cuts the hosts of a play into batches; the last size is used again and again. */
export function batchesOf({ play }: PlannedPlay, hosts: readonly string[]): string[][] {
  if (play.serial.length === 0) return [[...hosts]];
  const batches: string[][] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = play.serial[Math.min(batches.length, play.serial.length - 1)];
    const many = !size ? hosts.length : 'hosts' in size ? size.hosts : Math.floor((hosts.length * size.percent) / 100);
    batches.push(hosts.slice(from, from + Math.max(1, many)));
    from += Math.max(1, many);
  }
  return batches;
}
