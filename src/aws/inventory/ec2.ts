import type { Reservation } from '@aws-sdk/client-ec2';
import { loaded } from '../access.ts';
import { asked } from '../faults.ts';
import { type AskedPlace, inventoryClient, using } from './client.ts';
import { plainFields, tagFields } from './fields.ts';
import type { AwsInstance, AwsQuestion, Filters } from './question.ts';

/** As in Ansible: all but those that are gone or going. */
const present = ['pending', 'running', 'stopping', 'stopped'];

/** The most that a page of DescribeInstances holds. */
const pageSize = 1000;

/** Instances of one region. Throws ProblemError E_AWS_…. */
export async function ec2Instances(
  question: AwsQuestion,
  place: AskedPlace & { region: string },
): Promise<AwsInstance[]> {
  const { EC2Client, paginateDescribeInstances } = await loaded(
    '@aws-sdk/client-ec2',
    () => import('@aws-sdk/client-ec2'),
  );
  return using(new EC2Client(inventoryClient(question, place)), async (client) => {
    const matching = (filters: Filters): Promise<AwsInstance[]> =>
      asked('ec2:DescribeInstances', async () => {
        const named = { 'instance-state-name': present, ...filters };
        const input = { Filters: Object.entries(named).map(([Name, Values]) => ({ Name, Values: [...Values] })) };
        const found: AwsInstance[] = [];
        for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize }, input))
          found.push(...Reservations.flatMap((each) => instancesOf(each, place.region)));
        return found;
      });
    // One after the other: they share the account's rate, and the regions are asked at the same time anyway.
    const found = new Map<string, AwsInstance>();
    for (const filters of question.include) for (const each of await matching(filters)) found.set(each.id, each);
    for (const filters of question.exclude) for (const { id } of await matching(filters)) found.delete(id);
    return [...found.values()];
  });
}

/** The regions that the account has enabled. Throws ProblemError E_AWS_…. */
export async function enabledRegions(question: AwsQuestion, place: AskedPlace): Promise<string[]> {
  const { EC2Client, DescribeRegionsCommand } = await loaded(
    '@aws-sdk/client-ec2',
    () => import('@aws-sdk/client-ec2'),
  );
  return using(new EC2Client(inventoryClient(question, place)), async (client) => {
    const { Regions = [] } = await asked('ec2:DescribeRegions', () => client.send(new DescribeRegionsCommand({})));
    return Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
  });
}

function instancesOf(
  { Instances = [], OwnerId, RequesterId, ReservationId }: Reservation,
  region: string,
): AwsInstance[] {
  const reservation = plainFields({ OwnerId, RequesterId: RequesterId ?? '', ReservationId });
  return Instances.map(({ Tags, Placement, ...rest }) => ({
    id: rest.InstanceId ?? '',
    region,
    fields: {
      ...plainFields(rest),
      ...reservation,
      placement: { ...plainFields(Placement ?? {}), region },
      tags: tagFields(Tags),
    },
  }));
}
