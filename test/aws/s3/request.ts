import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../errors.ts';
import type { Request } from '../wire/request.ts';

/** What an operation of S3 is asked. */
export interface S3Params {
  Bucket: string;
  Key: string;
  query: URLSearchParams;
  headers: Request['headers'];
  body: Buffer;
}

/** The operation and its input. Buckets stand in the path, or before the name of the host. */
export function addressS3({ method, url, headers, body }: Request): { action: string; params: S3Params } {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const virtual = /^(.+)\.(?:127\.0\.0\.1|localhost|s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com)$/.exec(host)?.[1];
  const path = url.pathname.slice(1);
  const slash = path.indexOf('/');
  const [first, rest] = slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
  const Bucket = virtual ?? decodeURIComponent(first);
  const Key = decodeURIComponent(virtual === undefined ? rest : path);
  const query = url.searchParams;
  const params = { Bucket, Key, query, headers, body: payload(headers, body) };
  return { action: actionOf(method, { params, query }), params };
}

function actionOf(method: string, { params, query }: { params: S3Params; query: URLSearchParams }): string {
  if (params.Bucket === '') return 'ListBuckets';
  if (params.Key === '') {
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
    if (method === 'GET') return query.has('location') ? 'GetBucketLocation' : 'ListObjectsV2';
    return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? 'Unknown';
  }
  const isPart = query.has('uploadId');
  if (method === 'POST') return isPart ? 'CompleteMultipartUpload' : 'CreateMultipartUpload';
  if (method === 'DELETE') return isPart ? 'AbortMultipartUpload' : 'DeleteObject';
  if (method === 'PUT' && isPart) return 'UploadPart';
  if (method === 'PUT') return params.headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
  return { GET: 'GetObject', HEAD: 'HeadObject' }[method] ?? 'Unknown';
}

/**
 * The bytes of an upload, whose checksums have to fit. A stream comes in chunks with its checksum behind them:
 * "Transferring payload to Amazon S3 in multiple chunks" and "with trailing headers" of the S3 API reference.
 */
function payload(headers: Request['headers'], sent: Buffer): Buffer {
  const isChunked = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { body, trailers } = isChunked ? unchunked(sent) : { body: sent, trailers: {} };
  const said = (name: string): string | undefined => trailers[name] ?? (headers[name] as string | undefined);
  const expected: [string | undefined, () => string][] = [
    [said('x-amz-checksum-crc32'), () => bigEndian(crc32(body)).toString('base64')],
    [said('x-amz-checksum-sha256'), () => createHash('sha256').update(body).digest('base64')],
    [said('content-md5'), () => createHash('md5').update(body).digest('base64')],
  ];
  for (const [given, right] of expected) {
    if (given !== undefined && given !== right()) {
      throw new AwsError('BadDigest', 'The checksum you specified did not match what we received.');
    }
  }
  return body;
}

export function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function unchunked(sent: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf('\r\n', at);
    const size = Number.parseInt(sent.toString('latin1', at, end), 16);
    if (end === -1 || Number.isNaN(size))
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly.');
    at = end + 2;
    if (size === 0) break;
    chunks.push(sent.subarray(at, at + size));
    at += size + 2;
  }
  const lines = sent
    .toString('latin1', at)
    .split('\r\n')
    .filter((line) => line.includes(':'));
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')).trim().toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { body: Buffer.concat(chunks), trailers: Object.fromEntries(pairs) };
}

/** All texts of an element in a body of XML. */
export function texts(body: Buffer, element: string): string[] {
  const found = [...body.toString().matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))];
  return found.map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );
}
