import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { PipeSink } from '../../model/transport.ts';
import type { Ran } from './answer.ts';
import type { Seal } from './seal.ts';

/** Stored bytes that are unpacked at once, which is quicker than a stream; they can grow a thousandfold. */
const smallOutput = 8 * 1024;

/** Gives the two streams of a command to the sink, first standard output, then standard error. Throws when they are damaged. */
export async function deliver(
  stored: Readable | Buffer,
  { ran, sink, seal }: { ran: Ran; sink: PipeSink; seal: () => Promise<Seal> },
): Promise<void> {
  const { out, err, isZipped, sealed } = ran;
  if (Buffer.isBuffer(stored) && stored.length <= smallOutput && !sealed) {
    if (stored.length !== out + err) throw new Error(`${out + err - stored.length} bytes are missing`);
    const plain = (bytes: Buffer): Buffer => (isZipped ? gunzipSync(bytes) : bytes);
    sink.stdout(plain(stored.subarray(0, out)));
    sink.stderr(plain(stored.subarray(out)));
    return;
  }
  const source = Buffer.isBuffer(stored) ? Readable.from([stored]) : stored;
  const open = sealed && ((bytes: Buffer) => seal().then((key) => key.open(sealed, bytes)));
  const reader = createReader(source);
  try {
    await unpack(reader.take(out), { isZipped, open, to: (chunk) => sink.stdout(chunk) });
    await unpack(reader.take(err), { isZipped, open, to: (chunk) => sink.stderr(chunk) });
  } finally {
    source.destroy();
  }
}

interface Unpacking {
  isZipped: boolean;
  open: ((bytes: Buffer) => Promise<Buffer>) | undefined;
  to(chunk: Buffer): void;
}

async function unpack(stored: AsyncIterable<Buffer>, { isZipped, open, to }: Unpacking): Promise<void> {
  const plain = open ? opened(stored, open) : stored;
  const give = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) to(chunk);
  };
  if (isZipped) await pipeline(plain, createGunzip(), give);
  else await give(plain);
}

/** What is sealed is opened as a whole. */
async function* opened(stored: AsyncIterable<Buffer>, open: (bytes: Buffer) => Promise<Buffer>): AsyncIterable<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stored) chunks.push(chunk);
  yield await open(Buffer.concat(chunks));
}

/** Reads exact counts from a stream, one after the other. Throws when it ends before. */
function createReader(source: AsyncIterable<Buffer>): { take(count: number): AsyncIterable<Buffer> } {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async *take(count) {
      for (let left = count; left > 0; ) {
        if (rest.length === 0) {
          const { value, done } = await chunks.next();
          if (done) throw new Error(`${left} bytes are missing`);
          rest = value;
        }
        const chunk = rest.subarray(0, left);
        rest = rest.subarray(chunk.length);
        left -= chunk.length;
        yield chunk;
      }
    },
  };
}
