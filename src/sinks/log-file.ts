import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Level } from '../model/log.ts';
import { fileReason } from '../util/errno.ts';
import { formatted, type LogFormat } from './log-formats.ts';
import type { Sink } from './record.ts';

/** A file that records are added to, and when a new one is begun. */
export interface LogFile {
  path: string;
  format: LogFormat;
  least: Level;
  /** Bytes, and milliseconds since its first record; a file that has more becomes `path.1`, and that `path.2`. */
  size?: number;
  age?: number;
  /** So many old files are kept. */
  keep: number;
}

/** Opens a log file, for its owner only when it is new. Throws the error of the file system when it cannot be had. */
export function fileSink(file: LogFile, now: () => number): Sink {
  const { path, format, least, size = Infinity, age = Infinity, keep } = file;
  makeFolder(dirname(path));
  let open = begin(path);
  let fault: unknown;

  const turn = (): void => {
    closeSync(open.fd);
    if (keep < 1) rmSync(path, { force: true });
    else {
      rmSync(`${path}.${keep}`, { force: true });
      for (let i = keep - 1; i >= 0; i--) moveIfThere(i === 0 ? path : `${path}.${i}`, `${path}.${i + 1}`);
    }
    open = begin(path);
  };

  return {
    least,
    write(record) {
      if (fault !== undefined) return;
      try {
        const bytes = Buffer.from(formatted(record, format));
        // Another run or logrotate(8) may have moved it away.
        if (!isStill(path, open.fd)) {
          closeSync(open.fd);
          open = begin(path);
        }
        const has = fstatSync(open.fd).size;
        if (has > 0 && (has + bytes.length > size || now() - (open.since ?? now()) >= age)) turn();
        open.since ??= record.t;
        for (let written = 0; written < bytes.length; ) written += writeSync(open.fd, bytes, written);
      } catch (error) {
        fault = error;
      }
    },
    async close() {
      closeSync(open.fd);
      if (fault !== undefined) throw new Error(fileReason(fault));
    },
  };
}

function begin(path: string): { fd: number; since: number | undefined } {
  const fd = openSync(path, 'a+', 0o600);
  const head = Buffer.alloc(4096);
  const length = readSync(fd, head, 0, head.length, 0);
  // Times of files do not tell when the first record was written.
  const [time] = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.exec(head.toString('latin1', 0, length)) ?? [];
  return { fd, since: time === undefined ? undefined : Date.parse(time) };
}

/** With those around it. Node's own `recursive` never ends where a folder cannot be made, as in /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

function isStill(path: string, fd: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const mine = fstatSync(fd);
  return there !== undefined && there.ino === mine.ino && there.dev === mine.dev;
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
