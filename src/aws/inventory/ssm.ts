import type { InstanceInformation } from '@aws-sdk/client-ssm';
import { loaded } from '../access.ts';
import { asked } from '../faults.ts';
import { type AskedPlace, inventoryClient, using } from './client.ts';
import { plainFields } from './fields.ts';
import type { AwsInstance, AwsQuestion, Filters } from './question.ts';
import { tagsOfManaged } from './ssm-tags.ts';

/** The most that a page of DescribeInstanceInformation holds. */
const pageSize = 50;

/** The field that each filter of DescribeInstanceInformation is about; `tag-key` and `tag:KEY` are about none. */
const fieldOf = {
  ActivationIds: 'ActivationId',
  AgentVersion: 'AgentVersion',
  AssociationStatus: 'AssociationStatus',
  IamRole: 'IamRole',
  InstanceIds: 'InstanceId',
  PingStatus: 'PingStatus',
  PlatformTypes: 'PlatformType',
  ResourceType: 'ResourceType',
  SourceIds: 'SourceId',
  SourceTypes: 'SourceType',
} as const satisfies Record<string, keyof InstanceInformation>;

/** Managed instances of one region, of EC2 and of hybrid activations: those that are online, unless a filter says which. Throws ProblemError E_AWS_…. */
export async function managedInstances(
  question: AwsQuestion,
  place: AskedPlace & { region: string },
): Promise<AwsInstance[]> {
  const { SSMClient, paginateDescribeInstanceInformation } = await loaded(
    '@aws-sdk/client-ssm',
    () => import('@aws-sdk/client-ssm'),
  );
  return using(new SSMClient(inventoryClient(question, place)), async (client) => {
    const found = new Map<string, AwsInstance>();
    for (const filters of question.include) {
      const { sent, checked } = parted({ PingStatus: ['Online'], ...filters });
      const input = sent.length > 0 ? { Filters: sent } : {};
      await asked('ssm:DescribeInstanceInformation', async () => {
        for await (const page of paginateDescribeInstanceInformation({ client, pageSize }, input))
          for (const each of page.InstanceInformationList ?? [])
            if (fits(each, checked)) found.set(each.InstanceId ?? '', described(each, place.region));
      });
    }
    if (question.tags) {
      const tags = await tagsOfManaged([...found.keys()], { question, place, ssm: client });
      for (const instance of found.values()) instance.fields['tags'] = tags.get(instance.id) ?? {};
    }
    return [...found.values()];
  });
}

/** What is left to AWS and what is looked at here: filters of tags cannot be combined with others (reference of DescribeInstanceInformation, `Filters`). */
function parted(filters: Filters): { sent: { Key: string; Values: string[] }[]; checked: Filters } {
  const all = Object.entries(filters);
  const tags = all.filter(([name]) => name.startsWith('tag'));
  const sent = (tags.length > 0 ? tags : all).map(([Key, Values]) => ({ Key, Values: [...Values] }));
  return { sent, checked: tags.length > 0 ? Object.fromEntries(all.filter((each) => !tags.includes(each))) : {} };
}

function fits(instance: InstanceInformation, filters: Filters): boolean {
  return Object.entries(filters).every(([name, values]) =>
    values.includes(String(instance[fieldOf[name as keyof typeof fieldOf]] ?? '')),
  );
}

/** Without what changes by itself, as the time of the last ping does, because a saved plan holds only for hosts as they were. */
function described(instance: InstanceInformation, region: string): AwsInstance {
  const {
    LastPingDateTime: _ping,
    LastAssociationExecutionDate: _run,
    LastSuccessfulAssociationExecutionDate: _success,
    AssociationOverview: _overview,
    AssociationStatus: _status,
    IsLatestVersion: _latest,
    ...lasting
  } = instance;
  return { id: instance.InstanceId ?? '', region, fields: { ...plainFields(lasting), region } };
}
