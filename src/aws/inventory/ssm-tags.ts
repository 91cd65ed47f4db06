import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Fields } from '../../model/value.ts';
import { loaded } from '../access.ts';
import { asked } from '../faults.ts';
import { type AskedPlace, inventoryClient, using } from './client.ts';
import { tagFields } from './fields.ts';
import type { AwsQuestion } from './question.ts';

/** The most values that a filter of EC2 takes. */
const mostValues = 200;

/** How many instances of hybrid activations are asked about at once. */
const atOnce = 5;

interface TagsOptions {
  question: AwsQuestion;
  place: AskedPlace & { region: string };
  ssm: SSMClient;
}

/** The tags of managed instances: of instances of EC2 with one call for 200 of them, of others with one for each. Throws ProblemError E_AWS_…. */
export async function tagsOfManaged(ids: readonly string[], options: TagsOptions): Promise<Map<string, Fields>> {
  const ofEc2 = ids.filter((id) => id.startsWith('i-'));
  const others = ids.filter((id) => !id.startsWith('i-'));
  return new Map([
    ...(ofEc2.length > 0 ? await tagsOfEc2(ofEc2, options) : []),
    ...(others.length > 0 ? await tagsOfHybrid(others, options) : []),
  ]);
}

async function tagsOfEc2(ids: readonly string[], { question, place }: TagsOptions): Promise<Map<string, Fields>> {
  const { EC2Client, paginateDescribeInstances } = await loaded(
    '@aws-sdk/client-ec2',
    () => import('@aws-sdk/client-ec2'),
  );
  const found = new Map<string, Fields>();
  await using(new EC2Client(inventoryClient(question, place)), async (client) => {
    for (let first = 0; first < ids.length; first += mostValues) {
      const input = { Filters: [{ Name: 'instance-id', Values: ids.slice(first, first + mostValues) }] };
      await asked('ec2:DescribeInstances', async () => {
        for await (const { Reservations = [] } of paginateDescribeInstances({ client }, input))
          for (const { InstanceId = '', Tags } of Reservations.flatMap(({ Instances = [] }) => Instances))
            found.set(InstanceId, tagFields(Tags));
      });
    }
  });
  return found;
}

async function tagsOfHybrid(ids: readonly string[], { ssm }: TagsOptions): Promise<Map<string, Fields>> {
  const { ListTagsForResourceCommand } = await loaded('@aws-sdk/client-ssm', () => import('@aws-sdk/client-ssm'));
  const found = new Map<string, Fields>();
  const waiting = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const command = new ListTagsForResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: id });
      const { TagList } = await asked('ssm:ListTagsForResource', () => ssm.send(command));
      found.set(id, tagFields(TagList));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}
