import type { Identity } from '../auth.ts';
import type { Cloud } from '../cloud.ts';
import type { Answer } from '../types.ts';
import type { Request } from '../wire/request.ts';
import { temporary } from './sts.ts';

const role = 'play-instance';

/**
 * What an instance learns of itself, with a session as IMDSv2 wants it
 * ("Use the Instance Metadata Service to access instance metadata" of the EC2 user guide). Undefined for paths that are none of its own.
 */
export function metadata(
  { method, url, headers }: Request,
  cloud: Cloud,
  identities: Map<string, Identity>,
): Answer | undefined {
  const text = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'text/plain' }, body });
  if (method === 'PUT' && url.pathname === '/latest/api/token') return text('play-session');
  if (!/^\/latest\/(meta-data|dynamic)\//.test(url.pathname)) return undefined;
  if (headers['x-aws-ec2-metadata-token'] !== 'play-session') return { status: 401, headers: {}, body: '' };
  const credentials = '/latest/meta-data/iam/security-credentials/';
  if (url.pathname === credentials) return text(role);
  if (url.pathname === credentials + role) {
    const arn = `arn:aws:sts::${cloud.account}:assumed-role/${role}/i-0`;
    const identity = temporary(cloud, { arn, seconds: 6 * 3600 });
    identities.set(identity.accessKeyId, identity);
    return text(
      JSON.stringify({
        Code: 'Success',
        LastUpdated: new Date().toISOString(),
        Type: 'AWS-HMAC',
        AccessKeyId: identity.accessKeyId,
        SecretAccessKey: identity.secretAccessKey,
        Token: identity.sessionToken,
        Expiration: new Date(identity.expiresAt).toISOString(),
      }),
    );
  }
  if (url.pathname === '/latest/meta-data/placement/region') return text(cloud.region);
  return { status: 404, headers: {}, body: '' };
}
