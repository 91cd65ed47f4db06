import type { Socket } from 'node:net';

/** How slow a line is. */
export interface Pace {
  delayMs: number;
  frozen: boolean;
  bytesPerSecond: number | undefined;
}

/** One direction of one connection. */
export interface Line {
  tune(pace: Pace): void;
  /** Inverts a bit of the next byte that leaves. */
  flip(): void;
  /** Closes the sending side when all that was taken before has left (or, with `drop`, now) and takes no more. */
  finish(drop?: 'drop'): void;
}

/**
 * Ends a connection by RST alone. `resetAndDestroy` sends a FIN first when the socket was still writable; it does so on the
 * next tick, and a socket that is destroyed by then has only sent the RST.
 */
export function sendReset(socket: Socket): void {
  socket.resetAndDestroy();
  socket.destroy();
}

/** Watches what leaves the line. `allowance` bytes may leave; then `spent` is called, which may stop the line. */
export interface Meter {
  allowance(): number;
  passed(count: number): void;
  spent(): void;
}

interface Parcel {
  /** Undefined = the end of the stream. */
  data: Buffer | undefined;
  /** When it came, in milliseconds of `performance.now()`. */
  came: number;
}

/** Bytes on their way at most; more stay with the sender, as in a real network. */
const capacity = 32 * 1024 * 1024;

/**
 * Carries bytes from one socket to another, in order, each chunk `delayMs` after it came. One timer serves all waiting chunks,
 * so the delay holds at any throughput.
 */
export function delayLine(from: Socket, to: Socket, start: Pace, meter: Meter): Line {
  let pace = start;
  let queue: Parcel[] = [];
  let head = 0;
  let held = 0;
  let flipNext = false;
  let finished = false;
  let full = false;
  let timer: NodeJS.Timeout | undefined;
  let spinning: NodeJS.Immediate | undefined;
  // Bytes that may leave while dripping, and when that was worked out.
  let budget = 0;
  let counted = performance.now();

  const rest = (): void => {
    clearTimeout(timer);
    clearImmediate(spinning);
    timer = undefined;
    spinning = undefined;
  };
  const wake = (ms: number): void => {
    rest();
    // A timer is a millisecond off either way, so it only covers the distance and the event loop turns for the rest.
    if (ms > 2) timer = setTimeout(pump, Math.floor(ms - 1));
    else spinning = setImmediate(pump);
  };
  const shift = (): void => {
    head++;
    if (head < 1024 && head < queue.length) return;
    queue = queue.slice(head);
    head = 0;
  };
  const dripBudget = (rate: number): number => {
    const now = performance.now();
    budget = Math.min(budget + ((now - counted) * rate) / 1000, Math.max(1, rate / 20));
    counted = now;
    return Math.floor(budget);
  };
  const send = (data: Buffer): void => {
    let out = data;
    if (flipNext) {
      flipNext = false;
      out = Buffer.from(data);
      out.writeUInt8((out[0] ?? 0) ^ 1, 0);
    }
    held -= data.length;
    budget -= data.length;
    meter.passed(data.length);
    if (!to.destroyed && !to.write(out)) full = true;
  };

  function pump(): void {
    rest();
    while (head < queue.length && !pace.frozen && !full && !to.pending && !to.destroyed) {
      const parcel = queue[head];
      if (parcel === undefined) return;
      const wait = parcel.came + pace.delayMs - performance.now();
      if (wait > 0.02) {
        wake(wait);
        return;
      }
      if (parcel.data === undefined) {
        shift();
        to.end();
        return;
      }
      const rate = pace.bytesPerSecond;
      const may = Math.min(meter.allowance(), rate === undefined ? Number.POSITIVE_INFINITY : dripBudget(rate));
      if (may <= 0) {
        wake(rate ? Math.min(1000, 1000 / rate) : 10);
        return;
      }
      if (may < parcel.data.length) {
        send(parcel.data.subarray(0, may));
        parcel.data = parcel.data.subarray(may);
      } else {
        send(parcel.data);
        shift();
      }
      if (meter.allowance() <= 0) meter.spent();
    }
    if (!pace.frozen && held < capacity / 2) from.resume();
  }

  const take = (data: Buffer | undefined): void => {
    if (finished) return;
    if (data === undefined) finished = true;
    queue.push({ data, came: performance.now() });
    held += data?.length ?? 0;
    if (held > capacity) from.pause();
    pump();
  };
  from.on('data', take);
  from.once('end', () => take(undefined));
  from.once('close', () => {
    // Without an end before it the connection broke: break the other side too, but not before what it still is to get.
    if (!finished && !to.destroyed) sendReset(to);
  });
  to.once('connect', pump);
  to.on('drain', () => {
    full = false;
    pump();
  });
  to.once('close', () => {
    rest();
    if (!from.destroyed) from.resume();
  });

  if (pace.frozen) from.pause();
  return {
    tune(next) {
      pace = next;
      // A frozen line takes nothing, so that the sender's window fills up.
      if (pace.frozen) from.pause();
      pump();
    },
    flip() {
      flipNext = true;
    },
    finish(drop) {
      if (drop) {
        queue = [];
        head = 0;
        held = 0;
      }
      take(undefined);
    },
  };
}
