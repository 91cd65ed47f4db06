/** Output of one stream of one step as it is kept in memory: whole up to a limit, then its head and its tail. */
export interface Capture {
  push(chunk: Buffer): void;
  /** Bytes that came, kept or not. */
  total(): number;
  /** What was kept; where something is missing, a line says how much. */
  bytes(): Buffer;
}

const keep = 4 * 1024 * 1024;

/** A longer output is not kept whole. */
export const mostKept = 2 * keep;

/** Keeps the first and the last 4 MiB. */
export function createCapture(): Capture {
  const head: Buffer[] = [];
  let headSize = 0;
  let tail: Buffer[] = [];
  let tailSize = 0;
  let total = 0;
  return {
    push(chunk) {
      total += chunk.length;
      const room = keep - headSize;
      if (room > 0) {
        const part = Buffer.from(chunk.subarray(0, room));
        head.push(part);
        headSize += part.length;
      }
      const rest = chunk.subarray(Math.max(0, room));
      if (rest.length === 0) return;
      tail.push(Buffer.from(rest));
      tailSize += rest.length;
      if (tailSize > 2 * keep) {
        const last = Buffer.concat(tail);
        tail = [Buffer.from(last.subarray(last.length - keep))];
        tailSize = keep;
      }
    },
    total: () => total,
    bytes() {
      const end = Buffer.concat(tail);
      const kept = end.subarray(Math.max(0, end.length - keep));
      const missing = total - headSize - kept.length;
      const gap = missing > 0 ? [Buffer.from(`\n[play: ${missing} bytes left out here]\n`)] : [];
      return Buffer.concat([...head, ...gap, kept]);
    },
  };
}
