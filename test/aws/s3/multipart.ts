import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Call, Service } from '../types.ts';
import { xmlAnswer } from './buckets.ts';
import { empty, encryption, kept } from './objects.ts';
import { type S3Params, texts } from './request.ts';
import { bucketOf, md5, type Store, stored } from './store.ts';

interface Upload {
  headers: Record<string, string>;
  parts: Map<number, Buffer>;
}

/** Uploads in parts. Source: "Multipart upload" of the S3 user guide and the API reference. */
export function multipart(store: Store, uploads: Map<string, Upload> = new Map()): Service {
  const uploadOf = ({ query }: S3Params): { id: string; upload: Upload } => {
    const id = query.get('uploadId') ?? '';
    const upload = uploads.get(id);
    if (!upload) throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
    return { id, upload };
  };
  return {
    CreateMultipartUpload({ params }: Call<S3Params>) {
      const { Bucket, Key, headers } = params;
      bucketOf(store, Bucket);
      const UploadId = randomUUID();
      uploads.set(UploadId, { headers: kept(headers), parts: new Map() });
      return xmlAnswer('InitiateMultipartUploadResult', { Bucket, Key, UploadId });
    },
    UploadPart({ params }: Call<S3Params>) {
      const { upload } = uploadOf(params);
      upload.parts.set(Number(params.query.get('partNumber')), params.body);
      return empty({ etag: `"${md5(params.body).toString('hex')}"` });
    },
    CompleteMultipartUpload({ params }: Call<S3Params>) {
      const { Bucket, Key } = params;
      const { id, upload } = uploadOf(params);
      const parts = texts(params.body, 'PartNumber').map((number) => upload.parts.get(Number(number)));
      const whole = parts.flatMap((part) => part ?? []);
      if (whole.length < parts.length)
        throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
      // "Each part must be at least 5 MB in size, except the last part."
      if (whole.slice(0, -1).some(({ length }) => length < 5 * 1024 * 1024)) {
        throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
      }
      const digest = createHash('md5')
        .update(Buffer.concat(whole.map(md5)))
        .digest('hex');
      const object = { ...stored(Buffer.concat(whole), upload.headers), etag: `"${digest}-${whole.length}"` };
      bucketOf(store, Bucket).set(Key, object);
      uploads.delete(id);
      const answer = xmlAnswer('CompleteMultipartUploadResult', { Bucket, Key, ETag: object.etag });
      return { ...answer, headers: { ...answer.headers, ...encryption(object) } };
    },
    AbortMultipartUpload({ params }: Call<S3Params>) {
      uploads.delete(uploadOf(params).id);
      return { status: 204, headers: {}, body: '' };
    },
  };
}
