import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type AwsAccess, type AwsEnv, clientConfig, loaded } from '../access.ts';
import { asked } from '../faults.ts';

/** Where objects go: the bucket, and the KMS key that encrypts them if it is not S3's own. */
export interface Bucket {
  name: string;
  kmsKey?: string;
}

/** An address to put an object to, and the headers that must come with it. */
export interface PutAddress {
  key: string;
  url: string;
  headers: string[];
}

/** What goes by S3 because it is too long for a command, or must not be kept with one. Everything throws ProblemError. */
export interface Objects {
  /** Stores bytes; the URL reads them for so many seconds. */
  put(bytes: Buffer, seconds: number): Promise<{ key: string; url: string }>;
  /** A URL that an instance may put one object to. */
  place(seconds: number): Promise<PutAddress>;
  read(key: string): Promise<Readable>;
  remove(key: string): Promise<void>;
}

const encryption = 'x-amz-server-side-encryption';
const encryptionKey = 'x-amz-server-side-encryption-aws-kms-key-id';

export async function openObjects(bucket: Bucket, access: AwsAccess, env: AwsEnv): Promise<Objects> {
  const sdk = await loaded('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const presigner = await loaded('@aws-sdk/s3-request-presigner', () => import('@aws-sdk/s3-request-presigner'));
  const settings = {
    ...clientConfig(access, env),
    // A checksum of nothing would become part of a URL to put to.
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    // Names with dots fit no certificate, and other endpoints have no names for buckets.
    forcePathStyle: bucket.name.includes('.') || Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']),
  };
  const client = await inRegionOf(bucket, new sdk.S3Client({ ...settings, followRegionRedirects: true }));
  const Bucket = bucket.name;
  const sealed = bucket.kmsKey
    ? { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: bucket.kmsKey }
    : { ServerSideEncryption: 'AES256' as const };
  const newKey = (): string => `play/${randomBytes(16).toString('hex')}`;

  /** URLs are made for the region of the bucket: one for another region is answered with a redirect that curl does not follow. */
  async function inRegionOf({ name }: Bucket, first: S3Client): Promise<S3Client> {
    const region = await asked('s3:ListBucket', async () => {
      try {
        return (await first.send(new sdk.HeadBucketCommand({ Bucket: name }))).BucketRegion;
      } catch (error) {
        // Those who may not look at it are told where it is all the same.
        const { $metadata, $response } = error as S3ServiceException;
        if ($metadata?.httpStatusCode !== 403) throw error;
        return ($response?.headers as Record<string, string> | undefined)?.['x-amz-bucket-region'];
      }
    });
    if (!region || region === (await first.config.region())) return first;
    first.destroy();
    return new sdk.S3Client({ ...settings, region });
  }

  return {
    async put(bytes, seconds) {
      const Key = newKey();
      await asked('s3:PutObject', () => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: bytes, ...sealed })));
      const get = new sdk.GetObjectCommand({ Bucket, Key });
      return {
        key: Key,
        url: await asked('s3:GetObject', () => presigner.getSignedUrl(client, get, { expiresIn: seconds })),
      };
    },
    async place(seconds) {
      const key = newKey();
      const headers = new Map([[encryption, bucket.kmsKey ? 'aws:kms' : 'AES256']]);
      if (bucket.kmsKey) headers.set(encryptionKey, bucket.kmsKey);
      const url = await asked('s3:PutObject', () =>
        presigner.getSignedUrl(client, new sdk.PutObjectCommand({ Bucket, Key: key, ...sealed }), {
          expiresIn: seconds,
        }),
      );
      return { key, url, headers: [...headers].map(([name, value]) => `${name}: ${value}`) };
    },
    async read(key) {
      const { Body } = await asked('s3:GetObject', () => client.send(new sdk.GetObjectCommand({ Bucket, Key: key })));
      return Body as Readable;
    },
    async remove(key) {
      await asked('s3:DeleteObject', () => client.send(new sdk.DeleteObjectCommand({ Bucket, Key: key })));
    },
  };
}
