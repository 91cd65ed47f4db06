import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { AwsError } from '../errors.ts';
import { addressS3 } from '../s3/request.ts';
import { nested } from './query.ts';

/** How a service speaks: JSON with its operation in a header, forms answered in XML (two dialects), or plain REST. */
export type Protocol = 'json' | 'query' | 'ec2' | 'rest-json' | 's3';

/** A request, read. */
export interface Request {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as it was sent, compressed or not. */
  raw: Buffer;
}

/** Whose operation a request is. */
export interface Addressed {
  protocol: Protocol;
  service: string;
  action: string;
  params: Record<string, unknown>;
}

/** Targets of the services that speak JSON, as their clients send them (`serviceTarget` in the SDK's clients). */
const targets: Record<string, string> = {
  AmazonSSM: 'ssm',
  secretsmanager: 'secretsmanager',
  AmazonSQS: 'sqs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  GraniteServiceVersion20100801: 'cloudwatch',
};

/** API versions of those that speak forms (`apiVersion` in the SDK's clients). */
const versions: Record<string, { service: string; protocol: Protocol }> = {
  '2016-11-15': { service: 'ec2', protocol: 'ec2' },
  '2011-06-15': { service: 'sts', protocol: 'query' },
  '2010-03-31': { service: 'sns', protocol: 'query' },
};

export function readRequest(message: IncomingMessage): Promise<Request> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('error', reject);
    message.once('end', () => {
      const raw = Buffer.concat(chunks);
      resolve({
        method: message.method ?? 'GET',
        url: new URL(message.url ?? '/', `http://${message.headers.host ?? '127.0.0.1'}`),
        headers: message.headers,
        // Metrics come compressed (the SDK's middleware-compression); an object of S3 is as it is.
        body: message.headers['content-encoding'] === 'gzip' && message.method === 'POST' ? gunzipSync(raw) : raw,
        raw,
      });
    });
  });
}

/** What is not told by a target, a form or a path of Lambda's is S3's. */
export function address(request: Request): Addressed {
  const { method, url, headers, body } = request;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', action = ''] = target.split('.');
    const service = targets[prefix];
    if (!service) throw new AwsError('UnknownOperationException', '');
    return { protocol: 'json', service, action, params: JSON.parse(body.toString() || '{}') };
  }
  if (method === 'POST' && headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = nested(new URLSearchParams(body.toString()));
    const { service, protocol } = versions[String(form['Version'])] ?? {
      service: 'unknown',
      protocol: 'query' as const,
    };
    return { protocol, service, action: String(form['Action']), params: form };
  }
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
  if (invoked !== undefined) {
    const FunctionName = decodeURIComponent(invoked);
    return {
      protocol: 'rest-json',
      service: 'lambda',
      action: 'Invoke',
      params: { FunctionName, Payload: body, headers },
    };
  }
  if (url.pathname === '/federation/credentials') {
    const token = headers['x-amz-sso_bearer_token'];
    const params = { token, account: url.searchParams.get('account_id'), role: url.searchParams.get('role_name') };
    return { protocol: 'rest-json', service: 'sso', action: 'GetRoleCredentials', params };
  }
  const { action, params } = addressS3(request);
  return { protocol: 's3', service: 's3', action, params: { ...params } };
}
