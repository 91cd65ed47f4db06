import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';

/** The two ends of a pipe. */
export interface Pipe {
  /** For a child's `stdio`; to be closed once the child has it. */
  end: number;
  /** All that has been read; complete once `closed` is there, when nobody holds the other end any more. */
  bytes(): Buffer;
  closed: Promise<unknown>;
  /** Hears no more. */
  drop(): void;
}

/**
 * Makes a pipe of a FIFO, which goes away. What Node gives a child for 'pipe' is a socket, and /dev/stdout cannot be opened where it is one;
 * the agent's children have pipes.
 */
export function pipeOf(fifo: string): Pipe {
  const start = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const end = openSync(fifo, constants.O_WRONLY);
  unlinkSync(fifo);
  const chunks: Buffer[] = [];
  const reader = new Socket({ fd: start, readable: true, writable: false });
  reader.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise((resolve) => reader.once('close', resolve));
  return { end, bytes: () => Buffer.concat(chunks), closed, drop: () => reader.destroy() };
}

/** The parent's copy of an end. */
export function letGo({ end }: Pipe): void {
  closeSync(end);
}
