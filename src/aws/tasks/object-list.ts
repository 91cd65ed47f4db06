import type { Service } from './service.ts';

/** An object as lists have it. */
export interface Listed {
  key: string;
  size: number;
  etag: string;
  modified: Date;
}

interface Page {
  Contents?: { Key?: string; Size?: number; ETag?: string; LastModified?: Date }[];
}

/** The objects whose keys begin with a prefix, in the order of S3; `most` of them. */
export async function listObjects(
  s3: Service,
  Bucket: string,
  {
    prefix,
    after,
    most = Number.POSITIVE_INFINITY,
  }: { prefix?: string | undefined; after?: string | undefined; most?: number | undefined } = {},
): Promise<Listed[]> {
  const found: Listed[] = [];
  const input = { Bucket, Prefix: prefix, StartAfter: after, ...(most < 1000 && { MaxKeys: most }) };
  for await (const { Contents = [] } of s3.pages<Page>('ListObjectsV2', input, { action: 's3:ListBucket' })) {
    for (const { Key = '', Size = 0, ETag = '', LastModified = new Date(0) } of Contents)
      found.push({ key: Key, size: Size, etag: ETag, modified: LastModified });
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** Deletes objects, a thousand with each call. Throws AwsFault for the first that is refused. */
export async function deleteObjects(s3: Service, Bucket: string, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += 1000) {
    const Objects = keys.slice(at, at + 1000).map((Key) => ({ Key }));
    const { Errors: [first] = [] } = await s3.call<{ Errors?: { Key?: string; Code?: string; Message?: string }[] }>(
      'DeleteObjects',
      { Bucket, Delete: { Objects, Quiet: true } },
      { action: 's3:DeleteObject' },
    );
    if (!first) continue;
    const error = Object.assign(new Error(`${first.Key}: ${first.Message}`), { name: first.Code ?? 'Error' });
    await s3.asked('s3:DeleteObject', () => Promise.reject(error));
  }
}
