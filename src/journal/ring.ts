/** The last bytes of a stream of any length, in a fixed piece of memory. */
export interface Ring {
  push(chunk: Uint8Array): void;
  /** A copy of what is held, oldest byte first. */
  bytes(): Buffer;
}

/** Keeps the last `size` bytes; the memory is taken at once. */
export function ring(size: number): Ring {
  const held = Buffer.allocUnsafeSlow(size);
  let end = 0;
  let full = false;
  return {
    push(chunk) {
      const rest = chunk.length > size ? chunk.subarray(chunk.length - size) : chunk;
      const first = rest.subarray(0, size - end);
      held.set(first, end);
      held.set(rest.subarray(first.length), 0);
      full ||= end + rest.length >= size;
      end = (end + rest.length) % size;
    },
    bytes: () =>
      full ? Buffer.concat([held.subarray(end), held.subarray(0, end)]) : Buffer.from(held.subarray(0, end)),
  };
}
