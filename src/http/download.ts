import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Header, HttpFault, headerOf } from './message.ts';

/** A file that is to be what a server gives. */
export interface Target {
  dest: string;
  /** What has come so far lies here until it is whole, and beside it, in `PART.from`, which version of the server's it is. */
  part: string;
  checksum?: { algorithm: string; digest: string } | undefined;
}

/** What a download has come to. */
export interface Downloaded {
  changed: boolean;
  bytes: number;
  /** `ALGORITHM:DIGEST`. */
  checksum: string;
  /** Bytes that were there from an earlier attempt. */
  resumed: number;
}

/** How an earlier attempt can be gone on with: by asking for what is missing, if the server's file is still the same. */
export async function rangeOf({ part, checksum }: Target): Promise<{ from: number; headers: Header[] }> {
  const size = (await stat(part).catch(() => undefined))?.size ?? 0;
  const version = await readFile(`${part}.from`, 'utf8').catch(() => '');
  // Without a mark of the version only the checksum tells whether the two halves fit.
  if (size === 0 || (version === '' && !checksum)) return { from: 0, headers: [] };
  const condition: Header[] = version === '' ? [] : [['If-Range', version]];
  return { from: size, headers: [['Range', `bytes=${size}-`], ...condition] };
}

/** Forgets an earlier attempt. */
export async function forget({ part }: Target): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.from`, { force: true });
}

/**
 * Writes an answer to the part file as it comes, and when all is there and right, puts it in the place of the file. `from` is what was asked for.
 * Throws HttpFault; then what has come stays for the next attempt, unless it is wrong.
 */
export async function receive(options: {
  answer: { status: number; headers: readonly Header[]; body: AsyncIterable<Uint8Array> };
  target: Target;
  from: number;
  progress(received: number, total: number | undefined): void;
}): Promise<Downloaded> {
  const { answer, target, from, progress } = options;
  const start = startOf(answer, from);
  await mkdir(dirname(target.dest), { recursive: true });
  const algorithm = target.checksum?.algorithm ?? 'sha256';
  const hash = createHash(algorithm);
  if (start > 0) await feed(hash, target.part);
  else await writeFile(`${target.part}.from`, versionOf(answer.headers));
  const length = headerOf(answer.headers, 'content-length');
  const total = length === undefined ? undefined : start + Number(length);
  let received = start;
  const file = await open(target.part, start > 0 ? 'a' : 'w', 0o666);
  try {
    for await (const chunk of answer.body) {
      hash.update(chunk);
      await writeAll(file, chunk);
      received += chunk.length;
      progress(received, total);
    }
  } finally {
    await file.close();
  }
  const digest = hash.digest('hex');
  if (target.checksum && digest !== target.checksum.digest) {
    await forget(target);
    throw new HttpFault(`the checksum is another one: ${algorithm} ${digest}`, { mayPass: start > 0 });
  }
  const changed = (await digestOf(target.dest, algorithm)) !== digest;
  if (changed) await put(target);
  await forget(target);
  return { changed, bytes: received, checksum: `${algorithm}:${digest}`, resumed: start };
}

/** The digest of a file; undefined when there is none. */
export async function digestOf(path: string, algorithm: string): Promise<string | undefined> {
  const about = await stat(path).catch(() => undefined);
  if (about?.isDirectory()) throw new HttpFault(`${path} is a directory; end dest with / to keep the name of the file`);
  if (!about?.isFile()) return undefined;
  const hash = createHash(algorithm);
  await feed(hash, path);
  return hash.digest('hex');
}

/** Where the body begins in the file (RFC 9110, section 14.4): 206 is the rest, everything else the whole. */
function startOf({ status, headers }: { status: number; headers: readonly Header[] }, from: number): number {
  if (status !== 206) return 0;
  const range = /^bytes (\d+)-/.exec(headerOf(headers, 'content-range') ?? '');
  if (Number(range?.[1] ?? Number.NaN) !== from || from === 0)
    throw new HttpFault(`the server sends another part of the file than was asked for`, { mayPass: true });
  return from;
}

/** What tells versions apart, for `If-Range`: weak tags do not (RFC 9110, section 13.1.5). */
function versionOf(headers: readonly Header[]): string {
  const tag = headerOf(headers, 'etag');
  return tag?.startsWith('"') ? tag : (headerOf(headers, 'last-modified') ?? '');
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}

async function feed(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path)) hash.update(chunk);
}

/** A file that is replaced keeps its permissions. */
async function put({ part, dest }: Target): Promise<void> {
  const before = await stat(dest).catch(() => undefined);
  if (before) await chmod(part, before.mode & 0o7777);
  await rename(part, dest);
}
