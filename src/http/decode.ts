import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { type Header, HttpFault, headerOf } from './message.ts';

/** What we can unpack, as `Accept-Encoding` says it. */
export const encodings = 'gzip, deflate, br';

/** Reads a body that is kept in memory, unpacked. Throws HttpFault when it is larger than `most` bytes, packed or not. */
export async function readBody(
  answer: { headers: readonly Header[]; body: AsyncIterable<Uint8Array> },
  most: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body = unpacked(answer);
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) {
      throw new HttpFault(`the answer is larger than ${most} bytes`, {
        advice: 'dest: FILE keeps it out of memory; max_size allows more',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body without its content encodings (RFC 9110, section 8.4.1). */
function unpacked({
  headers,
  body,
}: {
  headers: readonly Header[];
  body: AsyncIterable<Uint8Array>;
}): AsyncIterable<Uint8Array> {
  const names = (headerOf(headers, 'content-encoding') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  return names.reduceRight<AsyncIterable<Uint8Array>>((packed, name) => {
    const unpack = unpackers[name];
    if (!unpack) throw new HttpFault(`the answer is packed as ${name}, which is not known`);
    return through(packed, unpack, name);
  }, body);
}

/** By name, for a body that begins with these bytes. */
const unpackers: Record<string, (first: Uint8Array) => Transform> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // RFC 9110 wants the zlib format (RFC 1950, section 2.2); some servers leave it out.
  deflate: ([byte = 0]) => ((byte & 0x0f) === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
};

async function* through(
  packed: AsyncIterable<Uint8Array>,
  unpack: (first: Uint8Array) => Transform,
  name: string,
): AsyncIterable<Uint8Array> {
  // Of an empty body nothing can be unpacked: HEAD, 204.
  const source = packed[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  };
  // The error comes out of the loop below.
  const stream = pipeline(Readable.from(whole(), { objectMode: false }), unpack(first.value), () => undefined);
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    throw new HttpFault(`the answer is not ${name}, which it says to be`, { mayPass: true });
  }
}

/** The text of a body in the character set that it names; UTF-8 without one, and where that is not known. */
export function textOf(bytes: Uint8Array, headers: readonly Header[]): { text: string; encoding: string } {
  const named = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1] ?? 'utf-8';
  const decoder = decoderOf(named) ?? new TextDecoder();
  return { text: decoder.decode(bytes), encoding: decoder.encoding };
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(name);
  } catch {
    return undefined;
  }
}
