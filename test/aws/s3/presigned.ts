import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Request } from '../wire/request.ts';

/**
 * Refuses a presigned url that is not as it was signed, e.g. because a shell has eaten a part of it.
 * "Authenticating requests: using query parameters (AWS Signature Version 4)" of the S3 API reference.
 */
export function checkPresigned({ method, url, headers }: Request, secretAccessKey: string): void {
  const query = url.searchParams;
  const signature = query.get('X-Amz-Signature');
  if (signature === null) return;
  const [, date = '', region = '', service = '', end = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const canonical = [
    method,
    url.pathname,
    [...query]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = `${date}/${region}/${service}/${end}`;
  const text = [
    'AWS4-HMAC-SHA256',
    query.get('X-Amz-Date'),
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = [date, region, service, end].reduce<Buffer>(
    (last, part) => hmac(last, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  if (hmac(key, text).toString('hex') !== signature) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
      403,
    );
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
