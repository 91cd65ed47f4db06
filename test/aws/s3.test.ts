import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from './aws.ts';
import { clientOptions } from './clients.ts';
import { runCommand } from './run-command.ts';

let aws: FakeAws;
let s3: S3Client;
const Bucket = 'team-files';

beforeEach(async () => {
  aws = await startAws({ instances: 1, buckets: [Bucket] });
  s3 = new S3Client(clientOptions(aws));
});
afterEach(() => aws.close());

async function text(Key: string, Range?: string): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Body?.transformToString();
}

describe('objects', () => {
  it('are what was put there, as text and as a stream, with their headers and in parts', async () => {
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a b/ü.txt',
        Body: 'hello',
        Metadata: { by: 'me' },
        ServerSideEncryption: 'aws:kms',
      }),
    );
    expect(put).toMatchObject({ ETag: '"5d41402abc4b2a76b9719d911017c592"', ServerSideEncryption: 'aws:kms' });
    expect([
      await text('a b/ü.txt'),
      await text('a b/ü.txt', 'bytes=1-2'),
      await text('a b/ü.txt', 'bytes=-2'),
    ]).toEqual(['hello', 'el', 'lo']);
    const Body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 7 }));
    expect(await text('stream')).toBe('one two');
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü.txt' }));
    expect(head).toMatchObject({ ContentLength: 5, Metadata: { by: 'me' } });
  });

  it('are listed in pages and by folder, and deleted one by one or together', async () => {
    for (const Key of ['x', 'logs/1', 'logs/2', 'logs/old/3', 'y&z'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const top = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect([top.CommonPrefixes?.map(({ Prefix }) => Prefix), top.Contents?.map(({ Key }) => Key)]).toEqual([
      ['logs/'],
      ['x', 'y&z'],
    ]);
    const first = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'logs/', MaxKeys: 2 }));
    const rest = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'logs/', ContinuationToken: first.NextContinuationToken }),
    );
    expect([first.Contents?.map(({ Key }) => Key), rest.Contents?.map(({ Key }) => Key)]).toEqual([
      ['logs/1', 'logs/2'],
      ['logs/old/3'],
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'y&z' }, { Key: 'logs/1' }] } }));
    expect([...aws.buckets.get(Bucket)!.keys()].sort()).toEqual(['logs/2', 'logs/old/3']);
    await expect(text('x')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'x' }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
  });

  it('come in parts of five megabytes', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('end')];
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const PartNumber = index + 1;
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber, Body }));
        return { ETag, PartNumber };
      }),
    );
    const done = await s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } }),
    );
    expect(done.ETag).toMatch(/-2"$/);
    expect(await text('big', 'bytes=-4')).toBe('aend');
  });
});

describe('a presigned url', () => {
  it('lets an instance fetch and store with nothing but curl, until it ends or is changed', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'in put', Body: 'from afar' }));
    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'in put' }), { expiresIn: 60 });
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'back' }), { expiresIn: 60 });
    const [node = ''] = aws.instances.keys();
    const ssm = runCommand(aws);
    const lines = [`curl -fsS '${get}' > /tmp/it`, `curl -fsS -T /tmp/it '${put}'`];
    expect(await ssm.ended(await ssm.send(lines, { InstanceIds: [node] }), node)).toMatchObject({ ResponseCode: 0 });
    expect(await text('back')).toBe('from afar');
    const [changed, ended] = [
      get.replace('in%20put', 'back'),
      await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'back' }), {
        expiresIn: 1,
        signingDate: new Date(Date.now() - 5_000),
      }),
    ];
    const refused = await Promise.all([changed, ended].map(async (url) => (await fetch(url)).text()));
    expect(refused[0]).toContain('SignatureDoesNotMatch');
    expect(refused[1]).toContain('Request has expired');
  });

  it('may have the bucket in the name of its host', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'there' }));
    const port = new URL(aws.url).port;
    const client = new S3Client({ ...clientOptions(aws), endpoint: `http://localhost:${port}` });
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'a/b' }));
    expect(url).toContain(`http://${Bucket}.localhost:${port}/a/b?`);
    const { stdout } = await promisify(execFile)('curl', ['-fsS', '--connect-to', `::127.0.0.1:${port}`, url]);
    expect(stdout).toBe('there');
  });

  it('has the whole of an output that SSM has cut', async () => {
    const [node = ''] = aws.instances.keys();
    const ssm = runCommand(aws);
    const id = await ssm.send(['seq 20000; echo oh >&2'], {
      InstanceIds: [node],
      OutputS3BucketName: Bucket,
      OutputS3KeyPrefix: 'out',
    });
    const { StandardOutputUrl } = await ssm.ended(id, node);
    const folder = `out/${id}/${node}/awsrunShellScript/0.awsrunShellScript`;
    expect(StandardOutputUrl).toBe(`https://s3.eu-central-1.amazonaws.com/${Bucket}/${folder}/stdout`);
    expect(await text(`${folder}/stdout`)).toMatch(/\n19999\n20000\n$/);
    expect(await text(`${folder}/stderr`)).toBe('oh\n');
    const nowhere = ssm.send(['true'], { InstanceIds: [node], OutputS3BucketName: 'nobodys' });
    await expect(nowhere).rejects.toMatchObject({ name: 'InvalidOutputFolder' });
  });
});
