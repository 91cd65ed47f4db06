import type { Cloud } from './cloud.ts';
import { AwsError } from './errors.ts';
import { matches } from './faults.ts';
import { isSigned } from './signature.ts';
import type { Call } from './types.ts';
import type { Request } from './wire/request.ts';

/** Who may ask. */
export interface Identity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Milliseconds since 1970. */
  expiresAt?: number;
  arn: string;
}

/** What a request says of who signed it, in its header or in its query. */
export interface Signed {
  accessKeyId: string;
  region: string;
  /** As in the scope of the credential: `monitoring` for CloudWatch. */
  scope: string;
  token: string | undefined;
  /** When a presigned url ends, in milliseconds since 1970. */
  until?: number;
}

export function signatureOf({ headers, url }: Request): Signed | undefined {
  const query = url.searchParams;
  const credential =
    query.get('X-Amz-Credential') ?? /^AWS4-HMAC-SHA256 Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  if (!credential) return undefined;
  const [accessKeyId = '', , region = '', scope = ''] = credential.split('/');
  const token = query.get('X-Amz-Security-Token') ?? headers['x-amz-security-token'];
  const signed = { accessKeyId, region, scope, token: typeof token === 'string' ? token : undefined };
  const [date, expires] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (date === null || expires === null) return signed;
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.slice(1) ?? [];
  const [year = '', month, day, hour, minute, second] = parts;
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { ...signed, until: start + Number(expires) * 1000 };
}

const scopes: Record<string, string> = { cloudwatch: 'monitoring' };

/** Operations that ask for another permission than their name ("Actions, resources, and condition keys" of the service). */
const permissions: Record<string, string> = {
  HeadObject: 'GetObject',
  ListObjectsV2: 'ListBucket',
  HeadBucket: 'ListBucket',
  ListBuckets: 'ListAllMyBuckets',
  DeleteObjects: 'DeleteObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  Invoke: 'InvokeFunction',
};

/** Operations that nobody signs. */
const unsigned = new Set(['AssumeRoleWithWebIdentity', 'GetRoleCredentials']);

interface Asking {
  request: Request;
  signed: Signed | undefined;
  identities: Map<string, Identity>;
  cloud: Cloud;
}

/**
 * Whether a call may be made: key, token, signature, scope, expiry and permission. Each service has its own words: "Common Errors" of the API references, "Error codes" of EC2, "Error responses" of S3.
 */
export function authorize(call: Call, { request, signed, identities, cloud }: Asking): void {
  const words = refusals[call.service] ?? refusals['json']!;
  if (!signed) {
    if (unsigned.has(call.action)) return;
    throw words.missing();
  }
  const identity = identities.get(signed.accessKeyId);
  if (!identity || (identity.sessionToken !== undefined && identity.sessionToken !== signed.token))
    throw words.unknown();
  const expiry = identity.expiresAt ?? Number.POSITIVE_INFINITY;
  const { expiredFrom, deny = [] } = cloud.faults;
  if (Date.now() >= expiry || (expiredFrom !== undefined && cloud.calls.length >= expiredFrom)) throw words.expired();
  if (signed.until !== undefined && Date.now() > signed.until)
    throw new AwsError('AccessDenied', 'Request has expired', 403);
  if (!isSigned(request, identity.secretAccessKey)) throw words.unsigned();
  const scope = scopes[call.service] ?? call.service;
  if (signed.scope !== scope) {
    throw new AwsError('InvalidSignatureException', `Credential should be scoped to correct service: '${scope}'.`, 403);
  }
  // Nobody can be denied to ask who he is (GetCallerIdentity of the STS API reference).
  const permission = { service: call.service, action: permissions[call.action] ?? call.action };
  const isDenied = deny.some((pattern) => matches(pattern, call) || matches(pattern, permission));
  if (call.action !== 'GetCallerIdentity' && isDenied) throw words.denied({ ...call, ...permission }, identity);
}

interface Refusals {
  missing(): AwsError;
  unknown(): AwsError;
  /** Signed with another secret, or changed since. */
  unsigned(): AwsError;
  expired(): AwsError;
  denied(call: Call, identity: Identity): AwsError;
}

const notAuthorized = ({ service, action }: Call, { arn }: Identity): string =>
  `User: ${arn} is not authorized to perform: ${service}:${action} because no identity-based policy allows the ${service}:${action} action`;

const invalidToken = 'The security token included in the request is invalid.';
const expiredToken = 'The security token included in the request is expired';

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

const form: Refusals = {
  missing: () => new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),
  unknown: () => new AwsError('InvalidClientTokenId', invalidToken, 403),
  unsigned: () => new AwsError('SignatureDoesNotMatch', mismatch, 403),
  expired: () => new AwsError('ExpiredToken', expiredToken, 403),
  denied: (call, identity) => new AwsError('AccessDenied', notAuthorized(call, identity), 403),
};

const refusals: Record<string, Refusals> = {
  json: {
    missing: () => new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    unknown: () => new AwsError('UnrecognizedClientException', invalidToken),
    unsigned: () => new AwsError('InvalidSignatureException', mismatch),
    expired: () => new AwsError('ExpiredTokenException', expiredToken),
    denied: (call, identity) => new AwsError('AccessDeniedException', notAuthorized(call, identity)),
  },
  sts: form,
  sns: form,
  ec2: {
    missing: () => new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),
    unsigned: () => new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401),
    unknown: () => new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401),
    expired: () => new AwsError('RequestExpired', 'Request has expired.'),
    denied: (call, identity) =>
      new AwsError(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${notAuthorized(call, identity)}`,
        403,
      ),
  },
  s3: {
    missing: () => new AwsError('AccessDenied', 'Access Denied', 403),
    unknown: () =>
      new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
    unsigned: () => new AwsError('SignatureDoesNotMatch', mismatch, 403),
    expired: () => new AwsError('ExpiredToken', 'The provided token has expired.'),
    denied: (call, identity) => new AwsError('AccessDenied', notAuthorized(call, identity), 403),
  },
};
