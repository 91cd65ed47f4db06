import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { instanceChoice, instancesOf } from '../shared/aws-instances.ts';

const params = Type.Object({ ...instanceChoice, ...accountParams }, { additionalProperties: false });

/** Instances of EC2. */
export const ec2InstanceInfo = {
  name: 'ec2_instance_info',
  on: 'controller',
  pure: false,
  summary: 'It is known which instances of EC2 there are. Not run on a real system.',
  params,
  result: {
    instances:
      'Each of them, sorted by `instance_id`: `state.name`, `instance_type`, `private_ip_address`, `public_ip_address`, `tags` and what else DescribeInstances gives, in small letters.',
    ...faultFields,
  },
  examples: [
    { ec2_instance_info: { filters: { 'tag:role': 'web', 'instance-state-name': 'running' } }, register: 'web' },
    { ec2_instance_info: { instance_ids: ['i-0123456789abcdef0'], region: 'eu-central-1' }, register: 'one' },
    { ec2_instance_info: {}, register: 'all' },
  ],
  idempotent: true,
  checkMode: true,
  run: (given, context) =>
    withAws('ec2_instance_info', given, context, async (open) => {
      const found = await instancesOf(open('ec2'), given);
      const lines = found.map(({ id, state, fields }) => [id, state, nameOf(fields)].filter(Boolean).join(' '));
      return {
        changed: false,
        fields: { instances: found.map(({ fields }) => fields) },
        message: lines.length === 0 ? 'no instances' : lines.join('\n'),
      };
    }),
} satisfies ControllerModule<typeof params>;

function nameOf({ tags }: Fields): string | undefined {
  return (tags as { Name?: string } | undefined)?.Name;
}
