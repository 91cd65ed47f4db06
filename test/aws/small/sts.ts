import { randomBytes } from 'node:crypto';
import type { Identity } from '../auth.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError, beyondModel } from '../errors.ts';
import type { Call, Service } from '../types.ts';

interface Input {
  RoleArn?: string;
  RoleSessionName?: string;
  DurationSeconds?: string;
  WebIdentityToken?: string;
}

/** STS. Source: its API reference, page of each operation. */
export function sts(cloud: Cloud, identities: Map<string, Identity>): Service {
  const assume = ({ params }: Call<Input>): Record<string, unknown> => {
    const { RoleArn = '', RoleSessionName = '', DurationSeconds = '3600' } = params;
    const role = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(RoleArn)?.[1];
    if (role === undefined) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
    const seconds = Number(DurationSeconds);
    if (seconds < 900 || seconds > 43_200)
      throw beyondModel(seconds, 'durationSeconds', 'have value between 900 and 43200');
    const identity = temporary(cloud, {
      arn: `arn:aws:sts::${cloud.account}:assumed-role/${role}/${RoleSessionName}`,
      seconds,
    });
    identities.set(identity.accessKeyId, identity);
    return {
      Credentials: {
        AccessKeyId: identity.accessKeyId,
        SecretAccessKey: identity.secretAccessKey,
        SessionToken: identity.sessionToken,
        Expiration: new Date(identity.expiresAt),
      },
      AssumedRoleUser: { Arn: identity.arn, AssumedRoleId: `AROAPLAYFAKEEXAMPLE00:${RoleSessionName}` },
    };
  };
  return {
    GetCallerIdentity({ accessKeyId }: Call) {
      return { UserId: accessKeyId, Account: cloud.account, Arn: identities.get(accessKeyId)?.arn };
    },
    AssumeRole: assume,
    AssumeRoleWithWebIdentity(call: Call<Input>) {
      if (!call.params.WebIdentityToken) throw new AwsError('InvalidIdentityToken', 'The token is not there.');
      return { ...assume(call), SubjectFromWebIdentityToken: 'play', Provider: 'test' };
    },
  };
}

/** The token that somebody has after `aws sso login`, as it lies in ~/.aws/sso/cache. */
export const ssoToken = 'play-sso-token';

/** The portal of IAM Identity Center. Source: GetRoleCredentials of its API reference. */
export function sso(cloud: Cloud, identities: Map<string, Identity>): Service {
  return {
    GetRoleCredentials({ params }: Call<{ token?: string; account: string; role: string }>) {
      const { token, role, account } = params;
      if (token !== ssoToken) throw new AwsError('UnauthorizedException', 'Session token not found or invalid', 401);
      const arn = `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${role}_0123456789abcdef/me`;
      const identity = temporary(cloud, { arn, seconds: 3600 });
      identities.set(identity.accessKeyId, identity);
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = identity;
      return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expiresAt } };
    },
  };
}

/** Credentials that end. */
export function temporary(
  cloud: Cloud,
  { arn, seconds }: { arn: string; seconds: number },
): Identity & { expiresAt: number; sessionToken: string } {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
    sessionToken: randomBytes(40).toString('base64'),
    expiresAt: Date.now() + cloud.milliseconds(seconds),
    arn,
  };
}
