import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';

const params = Type.Object({ ...accountParams }, { additionalProperties: false });

/** Who AWS takes us for. */
export const awsCallerInfo = {
  name: 'aws_caller_info',
  on: 'controller',
  pure: false,
  summary: 'It is known as whom AWS is asked, and in which account. Not run on a real system.',
  params,
  result: {
    account: 'Number of the account.',
    arn: 'Who: `arn:aws:iam::123456789012:user/deploy`.',
    user_id: 'The id of that user or session.',
    ...faultFields,
  },
  examples: [
    { aws_caller_info: {}, register: 'me' },
    { aws_caller_info: { profile: 'prod' }, register: 'me', failed_when: 'me.account != "123456789012"' },
    { aws_caller_info: { role_arn: 'arn:aws:iam::123456789012:role/deploy' } },
  ],
  idempotent: true,
  checkMode: true,
  run: (given, context) =>
    withAws('aws_caller_info', given, context, async (open) => {
      const me = await open('sts').call<{ Account: string; Arn: string; UserId: string }>('GetCallerIdentity', {});
      return {
        changed: false,
        fields: { account: me.Account, arn: me.Arn, user_id: me.UserId },
        message: `${me.Arn} in account ${me.Account}`,
      };
    }),
} satisfies ControllerModule<typeof params>;
