import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import { page } from '../pages.ts';
import type { Answer, Call, Service } from '../types.ts';
import { xml } from '../wire/query.ts';
import { type S3Params, texts } from './request.ts';
import { bucketOf, type Store } from './store.ts';

const space = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlAnswer(root: string, content: unknown): Answer {
  // Lists are given as texts of elements already, for S3 repeats an element instead of wrapping it.
  const inside = typeof content === 'string' ? content : xml(content, 'item');
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${space}">${inside}</${root}>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** Buckets and lists. Source: the API reference of Amazon S3, page of each operation. */
export function buckets(cloud: Cloud, store: Store): Service {
  return {
    ListBuckets() {
      const all = [...store.keys()].map((Name) => xml({ Bucket: { Name, CreationDate: new Date(0) } }, 'item'));
      return xmlAnswer('ListAllMyBucketsResult', `<Owner><ID>play</ID></Owner><Buckets>${all.join('')}</Buckets>`);
    },
    CreateBucket({ params }: Call<S3Params>) {
      if (store.has(params.Bucket)) {
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
        );
      }
      store.set(params.Bucket, new Map());
      return { status: 200, headers: { location: `/${params.Bucket}` }, body: '' };
    },
    HeadBucket({ params, region }: Call<S3Params>) {
      bucketOf(store, params.Bucket);
      return { status: 200, headers: { 'x-amz-bucket-region': region }, body: '' };
    },
    GetBucketLocation({ params, region }: Call<S3Params>) {
      bucketOf(store, params.Bucket);
      // "Buckets in Region us-east-1 have a LocationConstraint of null."
      return xmlAnswer('LocationConstraint', region === 'us-east-1' ? '' : region);
    },
    DeleteBucket({ params }: Call<S3Params>) {
      if (bucketOf(store, params.Bucket).size > 0) {
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      }
      store.delete(params.Bucket);
      return { status: 204, headers: {}, body: '' };
    },
    DeleteObjects({ params }: Call<S3Params>) {
      const bucket = bucketOf(store, params.Bucket);
      const keys = texts(params.body, 'Key');
      for (const key of keys) bucket.delete(key);
      return xmlAnswer('DeleteResult', keys.map((Key) => xml({ Deleted: { Key } }, 'item')).join(''));
    },
    ListObjectsV2({ params }: Call<S3Params>) {
      const { query, Bucket } = params;
      const [prefix, delimiter, after] = [
        query.get('prefix') ?? '',
        query.get('delimiter') ?? '',
        query.get('start-after') ?? '',
      ];
      const size = Math.min(1000, Number(query.get('max-keys') ?? 1000));
      const token = query.get('continuation-token') ?? undefined;
      // "Results are in lexicographical order of the keys' bytes", with what is below a delimiter rolled into one entry.
      const entries = new Map<string, string>();
      const listed = [...bucketOf(store, Bucket)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const [key, object] of listed) {
        if (!key.startsWith(prefix) || (after !== '' && key <= after)) continue;
        const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        const common = end === -1 ? undefined : key.slice(0, end + delimiter.length);
        const Size = object.body.length;
        const Contents = { Key: key, LastModified: object.modified, ETag: object.etag, Size, StorageClass: 'STANDARD' };
        entries.set(
          common ?? key,
          xml(common === undefined ? { Contents } : { CommonPrefixes: { Prefix: common } }, 'item'),
        );
      }
      // S3 keeps its order, whatever is shuffled elsewhere.
      const { items, next } = page([...entries.values()], {
        size,
        token,
        faults: { ...cloud.faults, shuffled: false },
      });
      const about = {
        Name: Bucket,
        Prefix: prefix,
        Delimiter: delimiter || undefined,
        MaxKeys: size,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ContinuationToken: token,
        NextContinuationToken: next,
      };
      return xmlAnswer('ListBucketResult', xml(about, 'item') + items.join(''));
    },
  };
}
