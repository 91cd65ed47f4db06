import { closeSync, fdatasync, ftruncate, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

const fs = { write: promisify(write), fdatasync: promisify(fdatasync), ftruncate: promisify(ftruncate) };

/** Lines on disk, in order, synced in batches. */
export interface SyncedLog {
  add(line: string): void;
  /** Resolves when every line added so far is on the disk; rejects, then and ever after, with what went wrong. */
  durable(): Promise<void>;
  /** Makes `durable` reject from here on: something that belongs to the log could not be written. */
  fail(error: unknown): void;
  /** Waits for what was added, then closes the file; lines that come later are left out. Rejects like `durable`, also when called again. */
  close(): Promise<void>;
}

interface Waiter {
  upTo: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Opens a new file for lines. What is added within one turn of the event loop, or while a sync runs, is written and synced together;
 * at most one sync is in flight. When the disk is full, the half-written batch is cut off again. `first` is synced before the first batch counts as durable.
 */
export function syncedLog(path: string, first: () => Promise<void>): SyncedLog {
  const fd = openSync(path, 'ax', 0o600);
  let lines: string[] = [];
  let added = 0;
  let synced = 0;
  let size = 0;
  let failure: { error: unknown } | undefined;
  let waiters: Waiter[] = [];
  let draining: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  function settle(): void {
    const waiting = waiters;
    waiters = [];
    for (const waiter of waiting) {
      if (waiter.upTo <= synced) waiter.resolve();
      else if (failure) waiter.reject(failure.error);
      else waiters.push(waiter);
    }
  }

  async function writeBatch(batch: Buffer): Promise<void> {
    for (let at = 0; at < batch.length; ) at += (await fs.write(fd, batch, at)).bytesWritten;
    await fs.fdatasync(fd);
    size += batch.length;
  }

  async function drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (lines.length > 0 && !failure) {
      const [batch, upTo] = [Buffer.from(lines.join('')), added];
      lines = [];
      try {
        if (synced === 0) await first();
        await writeBatch(batch);
        synced = upTo;
      } catch (error) {
        failure = { error };
        await fs.ftruncate(fd, size).catch(() => undefined);
      }
      settle();
    }
    draining = undefined;
  }

  function durable(): Promise<void> {
    if (failure) return Promise.reject(failure.error);
    if (synced === added) return Promise.resolve();
    return new Promise((resolve, reject) => waiters.push({ upTo: added, resolve, reject }));
  }

  async function finish(): Promise<void> {
    const last = durable();
    await last.catch(() => undefined);
    await draining;
    closeSync(fd);
    await last;
  }

  return {
    add(line) {
      if (failure || closing) return;
      lines.push(`${line}\n`);
      added += 1;
      draining ??= drain();
    },
    durable,
    fail(error) {
      failure ??= { error };
      settle();
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}
