import { open } from 'node:fs/promises';
import { type CaptureEnd, captureParser } from './capture-parser.ts';
import type { EachFrame } from './captured.ts';
import { PacketError } from './packet-error.ts';

const piece = 1024 * 1024;

/** A capture file, and what is done while it is read. */
export interface CaptureReading {
  path: string;
  each: EachFrame;
  /** Told once the header has been read. */
  begun?(found: { snaplen: number; isNano: boolean }): void;
  /** Waited for after each piece. */
  between?(): Promise<void>;
}

/**
 * Reads a capture file from start to end, a piece at a time: what is in memory does not grow with it. Throws PacketError when it is no
 * capture, and what the file system says.
 */
export async function readCapture({ path, each, begun, between }: CaptureReading): Promise<CaptureEnd> {
  const parser = captureParser(each, begun);
  const file = await open(path);
  try {
    let buffer = Buffer.allocUnsafe(piece * 2);
    let filled = 0;
    for (;;) {
      if (filled === buffer.length) {
        const larger = Buffer.allocUnsafe(buffer.length * 2);
        buffer.copy(larger);
        buffer = larger;
      }
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
      const { rest, isDone } = parser.push(buffer.subarray(0, filled + bytesRead));
      await between?.();
      if (isDone) return parser.end(Buffer.alloc(0));
      if (bytesRead === 0) return parser.end(rest);
      filled = rest.length;
      buffer.copyWithin(0, rest.byteOffset - buffer.byteOffset, rest.byteOffset - buffer.byteOffset + rest.length);
    }
  } catch (error) {
    throw error instanceof PacketError ? new PacketError(`${path}: ${error.message}`) : error;
  } finally {
    await file.close();
  }
}
