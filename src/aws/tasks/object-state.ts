import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { isNotFound, type Service } from './service.ts';

/** What is known of an object. */
export interface ObjectState {
  size: number;
  etag: string;
  modified: Date;
  metadata: Record<string, string>;
  contentType?: string;
  /** CRC-32 of the whole, in base64, where S3 knows it. */
  crc32?: string;
}

interface Headed {
  ContentLength?: number;
  ETag?: string;
  LastModified?: Date;
  Metadata?: Record<string, string>;
  ContentType?: string;
  ChecksumCRC32?: string;
  ChecksumType?: string;
}

/** Asks for an object; undefined: there is none. Whoever may not list the bucket is denied it then, and that is thrown. */
export async function headObject(
  s3: Service,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<ObjectState | undefined> {
  try {
    const input = { Bucket, Key, VersionId, ChecksumMode: 'ENABLED' };
    const about = await s3.call<Headed>('HeadObject', input, { action: 's3:GetObject and s3:ListBucket' });
    return {
      size: about.ContentLength ?? 0,
      etag: about.ETag ?? '',
      modified: about.LastModified ?? new Date(0),
      metadata: about.Metadata ?? {},
      ...(about.ContentType !== undefined && { contentType: about.ContentType }),
      ...(about.ChecksumCRC32 !== undefined && about.ChecksumType === 'FULL_OBJECT' && { crc32: about.ChecksumCRC32 }),
    };
  } catch (error) {
    if (isNotFound(error, 'NotFound') || isNotFound(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

const MiB = 1024 * 1024;

/** Size of the parts of an upload: at most 10,000 of them ("Amazon S3 multipart upload limits"). */
export function partSize(size: number): number {
  return Math.max(8 * MiB, Math.ceil(size / 10_000));
}

/** Bytes as they are read: of a file, or all at once. */
export type Source = { path: string; size: number } | { bytes: Uint8Array };

/** How many bytes there are. */
export function sizeOf(source: Source): number {
  return 'bytes' in source ? source.bytes.length : source.size;
}

/**
 * Whether an object has these bytes. Its ETag is their MD5, or for an upload in parts the MD5 of those of the parts and their number, unless it
 * is encrypted with a key of KMS ("Checking object integrity"); then the CRC-32 decides, and where there is none either it counts as other.
 */
export async function hasBytes(
  { size, etag, crc32: sum }: Pick<ObjectState, 'size' | 'etag' | 'crc32'>,
  source: Source,
): Promise<boolean> {
  if (size !== sizeOf(source)) return false;
  const [, digest, parts] = /^"?([0-9a-f]{32})(?:-(\d+))?"?$/.exec(etag) ?? [];
  if (digest !== undefined && parts === undefined && (await md5(source)) === digest) return true;
  for (const each of [partSize(size), 5 * MiB, 16 * MiB]) {
    if (Math.ceil(size / each) === Number(parts) && (await md5OfParts(source, each)) === digest) return true;
  }
  return sum !== undefined && (await crcOf(source)) === sum;
}

async function* bytesOf(source: Source, highWaterMark?: number): AsyncGenerator<Uint8Array> {
  if ('bytes' in source) yield source.bytes;
  else yield* createReadStream(source.path, { ...(highWaterMark !== undefined && { highWaterMark }) });
}

async function md5(source: Source): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of bytesOf(source)) hash.update(chunk);
  return hash.digest('hex');
}

async function md5OfParts(source: Source, size: number): Promise<string> {
  const whole = createHash('md5');
  let part = createHash('md5');
  let filled = 0;
  for await (const chunk of bytesOf(source)) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + size - filled);
      part.update(piece);
      filled += piece.length;
      at += piece.length;
      if (filled < size) continue;
      whole.update(part.digest());
      part = createHash('md5');
      filled = 0;
    }
  }
  if (filled > 0) whole.update(part.digest());
  return whole.digest('hex');
}

async function crcOf(source: Source): Promise<string> {
  let sum = 0;
  for await (const chunk of bytesOf(source)) sum = crc32(chunk, sum);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
}
