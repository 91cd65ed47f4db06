import { createHash, createHmac } from 'node:crypto';
import type { Request } from './wire/request.ts';

/** What of a signature stands in a request. */
interface Parts {
  signature: string;
  /** Who signed, when, and for which service and region: `KEY/20260102/eu-central-1/ssm/aws4_request`. */
  credential: string;
  /** Names of the headers that are part of it. */
  signed: string[];
  time: string;
  payload: string;
}

/**
 * Whether a request is as it was signed, and with this key: a presigned url of which a shell has eaten a part is not.
 * "Create a signed AWS API request" of the IAM user guide; "Authenticating requests: using query parameters" of the S3 API reference.
 */
export function isSigned(request: Request, secretAccessKey: string): boolean {
  const parts = request.url.searchParams.has('X-Amz-Signature') ? ofQuery(request) : ofHeader(request);
  const [, date = '', region = '', service = '', end = ''] = parts.credential.split('/');
  const { method, url, headers } = request;
  const canonical = [
    method,
    // All but S3 encode the path, which is encoded already, once more.
    service === 's3' ? url.pathname : url.pathname.split('/').map(encoded).join('/'),
    [...url.searchParams]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...parts.signed.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    parts.signed.join(';'),
    parts.payload,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', parts.time, `${date}/${region}/${service}/${end}`, sha256(canonical)].join('\n');
  const start = Buffer.from(`AWS4${secretAccessKey}`);
  const key = [date, region, service, end].reduce<Buffer>((last, part) => hmac(last, part), start);
  return hmac(key, text).toString('hex') === parts.signature;
}

function ofQuery({ url }: Request): Parts {
  const said = (name: string): string => url.searchParams.get(name) ?? '';
  return {
    signature: said('X-Amz-Signature'),
    credential: said('X-Amz-Credential'),
    signed: said('X-Amz-SignedHeaders').split(';'),
    time: said('X-Amz-Date'),
    payload: said('X-Amz-Content-Sha256') || 'UNSIGNED-PAYLOAD',
  };
}

function ofHeader({ headers, raw }: Request): Parts {
  const said = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(headers.authorization ?? '')?.[1] ?? '';
  return {
    signature: said('Signature'),
    credential: said('Credential'),
    signed: said('SignedHeaders').split(';'),
    time: String(headers['x-amz-date']),
    payload: String(headers['x-amz-content-sha256'] ?? sha256(raw)),
  };
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
