import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { text } from '../shared/params.ts';

const { role_arn: _, role_session_name: __, ...around } = accountParams;

const params = Type.Object(
  {
    role_arn: text('The role.'),
    role_session_name: Type.Optional(text('What the session is called in the logs of the account.', 'play')),
    duration_seconds: Type.Optional(
      Type.Integer({ description: 'How long the keys hold; an hour when not said.', minimum: 900, maximum: 43200 }),
    ),
    external_id: Type.Optional(text('What the role’s owner wants to hear from those that are let in.')),
    policy: Type.Optional(
      Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())], {
        description: 'A policy, as JSON or as a mapping, that takes away from what the role may do.',
      }),
    ),
    mfa_serial_number: Type.Optional(text('Number or ARN of the device that shows codes.')),
    mfa_token: Type.Optional(text('The code that it shows.')),
    ...around,
  },
  { additionalProperties: false },
);

/** Keys of a role, for tasks that follow. */
export const stsAssumeRole = {
  name: 'sts_assume_role',
  on: 'controller',
  pure: false,
  summary: 'A role has been taken on: its keys are there for tasks that follow. Not run on a real system.',
  params,
  result: {
    sts_creds:
      '`access_key`, `secret_key`, `session_token` and `expiration`, under the names that every task of AWS takes them. The secrets can be used and are not shown.',
    sts_user: '`arn` and `assumed_role_id` of the session.',
    ...faultFields,
  },
  examples: [
    {
      sts_assume_role: { role_arn: 'arn:aws:iam::123456789012:role/deploy', role_session_name: 'shop' },
      register: 'role',
    },
    {
      sts_assume_role: {
        role_arn: 'arn:aws:iam::123456789012:role/audit',
        external_id: 'shop-17',
        duration_seconds: 900,
        region: 'eu-central-1',
      },
      register: 'audit',
    },
    {
      sts_assume_role: {
        role_arn: 'arn:aws:iam::123456789012:role/admin',
        mfa_serial_number: 'arn:aws:iam::123456789012:mfa/ann',
        mfa_token: '123456',
      },
      register: 'admin',
    },
  ],
  // Nothing of the account changes: also in check mode, since tasks that follow read with these keys.
  idempotent: true,
  checkMode: true,
  telling: 'role_arn',
  run(given, context) {
    if ((given.mfa_serial_number === undefined) !== (given.mfa_token === undefined))
      throw badArgs('sts_assume_role', 'mfa_serial_number and mfa_token belong together');
    const { role_arn: role, role_session_name: session = 'play', policy, ...rest } = given;
    const {
      duration_seconds: seconds,
      external_id: external,
      mfa_serial_number: device,
      mfa_token: code,
      ...who
    } = rest;
    return withAws('sts_assume_role', who, context, async (open) => {
      const { Credentials: keys, AssumedRoleUser: user } = await open('sts').call<Assumed>('AssumeRole', {
        RoleArn: role,
        RoleSessionName: session,
        DurationSeconds: seconds,
        ExternalId: external,
        Policy: typeof policy === 'object' ? JSON.stringify(policy) : policy,
        SerialNumber: device,
        TokenCode: code,
      });
      for (const each of [keys.SecretAccessKey, keys.SessionToken]) context.secret(each);
      const until = keys.Expiration.toISOString();
      return {
        changed: false,
        fields: {
          sts_creds: {
            access_key: keys.AccessKeyId,
            secret_key: keys.SecretAccessKey,
            session_token: keys.SessionToken,
            expiration: until,
          },
          sts_user: { arn: user.Arn, assumed_role_id: user.AssumedRoleId },
        },
        message: `${user.Arn} until ${until}`,
      };
    });
  },
} satisfies ControllerModule<typeof params>;

interface Assumed {
  Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: Date };
  AssumedRoleUser: { Arn: string; AssumedRoleId: string };
}
