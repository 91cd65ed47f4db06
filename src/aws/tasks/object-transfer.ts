import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileReason } from '../../util/errno.ts';
import { partSize, type Source, sizeOf } from './object-state.ts';
import type { Service } from './service.ts';

/** Something with a file of this machine that is no fault of AWS. */
export class FileFault extends Error {}

/** Where an object is. */
export interface Place {
  Bucket: string;
  Key: string;
}

/** What an object is kept with, by the names of PutObject: `ContentType`, `Metadata`, `ServerSideEncryption` … */
export type Kept = Readonly<Record<string, unknown>>;

/** Larger ones go up in parts. */
const IN_PARTS = 16 * 1024 * 1024;

/** Parts that are under way at a time; each is in memory. */
const AT_ONCE = 4;

/** Uploads an object and gives its ETag. What of an upload in parts has arrived is taken back when it fails. */
export async function putObject(s3: Service, place: Place, source: Source, kept: Kept): Promise<string> {
  if (sizeOf(source) > IN_PARTS && 'path' in source) return putInParts(s3, place, source, kept);
  const Body = 'bytes' in source ? source.bytes : await reading(source.path, () => readFile(source.path));
  return (await s3.call<{ ETag: string }>('PutObject', { ...place, ...kept, Body })).ETag;
}

async function putInParts(
  s3: Service,
  place: Place,
  { path, size }: { path: string; size: number },
  kept: Kept,
): Promise<string> {
  const action = { action: 's3:PutObject' };
  const file = await reading(path, () => open(path));
  let UploadId: string | undefined;
  try {
    ({ UploadId } = await s3.call<{ UploadId: string }>('CreateMultipartUpload', { ...place, ...kept }, action));
    const length = partSize(size);
    const count = Math.ceil(size / length);
    const parts: { PartNumber: number; ETag: string }[] = [];
    let next = 1;
    const worker = async (): Promise<void> => {
      while (next <= count) {
        const PartNumber = next++;
        const Body = await readPart(file, {
          at: (PartNumber - 1) * length,
          length: Math.min(length, size - (PartNumber - 1) * length),
        });
        const { ETag } = await s3.call<{ ETag: string }>(
          'UploadPart',
          { ...place, UploadId, PartNumber, Body },
          action,
        );
        parts[PartNumber - 1] = { PartNumber, ETag };
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    const broken = ended.find((each) => each.status === 'rejected');
    if (broken) throw broken.reason;
    const MultipartUpload = { Parts: parts };
    return (await s3.call<{ ETag: string }>('CompleteMultipartUpload', { ...place, UploadId, MultipartUpload }, action))
      .ETag;
  } catch (error) {
    if (UploadId !== undefined) await s3.call('AbortMultipartUpload', { ...place, UploadId }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new FileFault(`${path} cannot be read: ${fileReason(error)}`);
  }
}

async function readPart(file: FileHandle, { at, length }: { at: number; length: number }): Promise<Buffer> {
  const part = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await file.read(part, read, length - read, at + read);
    if (bytesRead === 0) throw new FileFault('the file has become shorter while it was read');
    read += bytesRead;
  }
  return part;
}

interface Got {
  Body: NodeJS.ReadableStream;
  ContentLength?: number;
  ETag?: string;
  ServerSideEncryption?: string;
  LastModified?: Date;
}

/** How often an object is asked for again that broke off. */
const ATTEMPTS = 3;

/**
 * Downloads an object into a file, beside its place first: one that arrives only in part replaces none. With `keepTime` the file gets the
 * object's time. Gives the number of bytes. Throws FileFault for what is wrong with the file.
 */
export async function getObject(
  s3: Service,
  place: Place,
  dest: string,
  { version, keepTime = false }: { version?: string | undefined; keepTime?: boolean } = {},
): Promise<number> {
  const draft = join(dirname(dest), `.play-${randomBytes(8).toString('hex')}.part`);
  try {
    await mkdir(dirname(dest), { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const got = await s3.call<Got>('GetObject', { ...place, ...(version !== undefined && { VersionId: version }) });
      const bytes = await received(got, draft).catch((error: unknown) => {
        if (isLocal(error)) throw error;
        return attempt < ATTEMPTS ? undefined : s3.asked('s3:GetObject', () => Promise.reject(error));
      });
      if (bytes === undefined) continue;
      if (keepTime && got.LastModified) await utimes(draft, got.LastModified, got.LastModified);
      await rename(draft, dest);
      return bytes;
    }
  } catch (error) {
    if (!isLocal(error)) throw error;
    throw new FileFault(`${dest} cannot be written: ${fileReason(error)}`);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function received({ Body, ContentLength, ETag = '', ServerSideEncryption }: Got, draft: string): Promise<number> {
  const hash = createHash('md5');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Body, count, createWriteStream(draft));
  const [, digest] = /^"([0-9a-f]{32})"$/.exec(ETag) ?? [];
  const isPlain = ServerSideEncryption === undefined || ServerSideEncryption === 'AES256';
  if (ContentLength !== undefined && bytes !== ContentLength)
    throw new Error(`${bytes} bytes of ${ContentLength} have come`);
  if (isPlain && digest !== undefined && hash.digest('hex') !== digest)
    throw new Error('what has come is not what is in the bucket');
  return bytes;
}

/** Errors of the file system name the file, or say that there is no room; those of connections do neither. */
function isLocal(error: unknown): boolean {
  return (
    error instanceof Error && ('path' in error || ('code' in error && /^(ENOSPC|EDQUOT|EIO)$/.test(String(error.code))))
  );
}
