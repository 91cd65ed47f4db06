import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

/** An object as it lies in a bucket. */
export interface StoredObject {
  body: Buffer;
  etag: string;
  /** Its type, metadata, encryption …, as the headers that come back with it. */
  headers: Record<string, string>;
  modified: Date;
}

/** The buckets of a fake by name, and in each its objects by key. */
export type Store = Map<string, Map<string, StoredObject>>;

/** A bucket that has to be there. */
export function bucketOf(store: Store, name: string): Map<string, StoredObject> {
  const bucket = store.get(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return bucket;
}

/** "The entity tag of an object that was uploaded in one part is the MD5 of its data" (Object of the S3 API reference). */
export function md5(body: Buffer): Buffer {
  return createHash('md5').update(body).digest();
}

export function stored(body: Buffer, headers: Record<string, string> = {}): StoredObject {
  const encrypted = { 'x-amz-server-side-encryption': 'AES256' };
  return { body, etag: `"${md5(body).toString('hex')}"`, headers: { ...encrypted, ...headers }, modified: new Date() };
}
