import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Files that output is appended to, with a bounded number of them open. */
export interface OutputFileSet {
  /** Appends to a file of the folder, made when it is not there. Writing is synchronous: the page cache takes it faster than it comes, and nothing queues up in memory. */
  append(file: string, bytes: Uint8Array): void;
  /** No more is coming for this file. */
  release(file: string): void;
  closeAll(): void;
}

/** How many files stay open; another one costs an open call again. */
const MAX_OPEN = 16;

/** Append-only files of one folder, readable by their owner alone. */
export function outputFileSet(folder: string): OutputFileSet {
  const open = new Map<string, number>();

  function release(file: string): void {
    const fd = open.get(file);
    if (fd === undefined) return;
    open.delete(file);
    closeSync(fd);
  }

  function descriptor(file: string): number {
    const known = open.get(file);
    if (known === undefined && open.size >= MAX_OPEN) {
      const oldest = open.keys().next();
      if (!oldest.done) release(oldest.value);
    }
    const fd = known ?? openSync(join(folder, file), 'a', 0o600);
    open.delete(file);
    open.set(file, fd);
    return fd;
  }

  return {
    append(file, bytes) {
      const fd = descriptor(file);
      for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
    },
    release,
    closeAll() {
      for (const file of [...open.keys()]) release(file);
    },
  };
}
