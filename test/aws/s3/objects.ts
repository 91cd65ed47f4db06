import { crc32 } from 'node:zlib';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import { matches } from '../faults.ts';
import type { Answer, Call, Service } from '../types.ts';
import { xmlAnswer } from './buckets.ts';
import { bigEndian, type S3Params } from './request.ts';
import { bucketOf, type Store, type StoredObject, stored } from './store.ts';

/** Single objects. Source: the API reference of Amazon S3, page of each operation. */
export function objects(cloud: Cloud, store: Store): Service {
  const find = ({ Bucket, Key }: Pick<S3Params, 'Bucket' | 'Key'>): StoredObject => {
    const object = bucketOf(store, Bucket).get(Key);
    if (object) return object;
    // "If you do not have the s3:ListBucket permission, Amazon S3 returns 403" for a key that is not there (GetObject).
    const isHidden = cloud.faults.deny?.some((pattern) => matches(pattern, { service: 's3', action: 'ListBucket' }));
    if (isHidden) throw new AwsError('AccessDenied', 'Access Denied', 403);
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  };

  return {
    PutObject({ params }: Call<S3Params>) {
      const bucket = bucketOf(store, params.Bucket);
      if (params.headers['if-none-match'] === '*' && bucket.has(params.Key)) throw notMet();
      const object = stored(params.body, kept(params.headers));
      bucket.set(params.Key, object);
      return empty({ etag: object.etag, ...encryption(object) });
    },
    CopyObject({ params }: Call<S3Params>) {
      const [from = '', ...key] = decodeURIComponent(String(params.headers['x-amz-copy-source']))
        .replace(/^\//, '')
        .split('/');
      const source = find({ Bucket: from, Key: key.join('/') });
      const isReplaced = params.headers['x-amz-metadata-directive'] === 'REPLACE';
      const object = stored(source.body, isReplaced ? kept(params.headers) : source.headers);
      bucketOf(store, params.Bucket).set(params.Key, object);
      return xmlAnswer('CopyObjectResult', { LastModified: object.modified, ETag: object.etag });
    },
    GetObject: ({ params }: Call<S3Params>) => shown(find(params), params),
    HeadObject: ({ params }: Call<S3Params>) => ({ ...shown(find(params), params), body: '' }),
    DeleteObject({ params }: Call<S3Params>) {
      // What is not there is deleted already.
      bucketOf(store, params.Bucket).delete(params.Key);
      return { status: 204, headers: {}, body: '' };
    },
  };
}

function shown(object: StoredObject, { headers, query }: S3Params): Answer {
  const { body, etag, modified } = object;
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) throw notMet();
  const about = {
    ...object.headers,
    etag,
    'last-modified': modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': query.get('response-content-type') ?? object.headers['content-type'] ?? 'binary/octet-stream',
  };
  if (headers['if-none-match'] === etag) return { status: 304, headers: about, body: '' };
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  if (!range) {
    const checksum = headers['x-amz-checksum-mode'] === 'ENABLED' && {
      'x-amz-checksum-crc32': bigEndian(crc32(body)).toString('base64'),
      'x-amz-checksum-type': 'FULL_OBJECT',
    };
    return { status: 200, headers: { ...about, ...checksum, 'content-length': String(body.length) }, body };
  }
  const [, from = '', to = ''] = range;
  const start = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  const part = body.subarray(start, end + 1);
  const place = { 'content-range': `bytes ${start}-${end}/${body.length}`, 'content-length': String(part.length) };
  return { status: 206, headers: { ...about, ...place }, body: part };
}

const plain = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-storage-class',
];

/** The headers of an upload that come back with the object. */
export function kept(headers: S3Params['headers']): Record<string, string> {
  const chosen = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'string') return [];
    if (name === 'content-encoding') {
      // `aws-chunked` is about the transfer, not about the object.
      const own = value
        .split(',')
        .filter((each) => each.trim() !== 'aws-chunked')
        .join(',');
      return own === '' ? [] : [[name, own]];
    }
    const isKept =
      plain.includes(name) || name.startsWith('x-amz-meta-') || name.startsWith('x-amz-server-side-encryption');
    return isKept ? [[name, value]] : [];
  });
  return Object.fromEntries(chosen);
}

export function encryption({ headers }: StoredObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
  );
}

function notMet(): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

export function empty(headers: Record<string, string> = {}): Answer {
  return { status: 200, headers, body: '' };
}
