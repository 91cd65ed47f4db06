import type { DescribeInstanceInformationRequest } from '@aws-sdk/client-ssm';
import type { Cloud } from '../cloud.ts';
import { AwsError, within } from '../errors.ts';
import { page } from '../pages.ts';
import type { Call, Instance, Service } from '../types.ts';

/** Managed nodes, of EC2 and of hybrid activations. */
export function nodes(cloud: Cloud): Service {
  return {
    DescribeInstanceInformation({ params, region }: Call<DescribeInstanceInformationRequest>) {
      const { MaxResults, NextToken, Filters = [], InstanceInformationFilterList = [] } = params;
      // "MaxResults: minimum value of 5, maximum value of 50" (DescribeInstanceInformation).
      within(MaxResults, 'maxResults', [5, 50]);
      const filters = [
        ...Filters.map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
        ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ key: String(key), values: valueSet ?? [] })),
      ];
      const { items, next } = page([...cloud.instances.values()], {
        size: MaxResults ?? 10,
        token: NextToken,
        faults: cloud.faults,
        where: (instance) =>
          instance.managed &&
          instance.region === region &&
          // What has been terminated leaves the list; what is stopped stays, without a connection.
          instance.state !== 'terminated' &&
          filters.every(({ key, values }) => values.some((value) => seen(instance, key).includes(value))),
      });
      return { InstanceInformationList: items.map(nodeView), NextToken: next };
    },
  };
}

/** "InstanceInformationStringFilter: InstanceIds, AgentVersion, PingStatus, PlatformTypes, ResourceType, tag-key, tag:KEY …". */
function seen(instance: Instance, key: string): string[] {
  if (key === 'InstanceIds') return [instance.id];
  if (key === 'PingStatus') return [pingOf(instance)];
  if (key === 'PlatformTypes') return [instance.platform];
  if (key === 'ResourceType') return [resourceType(instance)];
  if (key === 'tag-key') return Object.keys(instance.tags);
  if (key.startsWith('tag:')) return [instance.tags[key.slice('tag:'.length)] ?? ''];
  throw new AwsError('InvalidInstanceInformationFilterValue', `The filter ${key} isn't known.`);
}

function pingOf({ ping, state }: Instance): string {
  return state === 'running' ? ping : 'ConnectionLost';
}

function resourceType({ id }: Instance): 'ManagedInstance' | 'EC2Instance' {
  return id.startsWith('mi-') ? 'ManagedInstance' : 'EC2Instance';
}

function nodeView(instance: Instance): Record<string, unknown> {
  return {
    InstanceId: instance.id,
    PingStatus: pingOf(instance),
    LastPingDateTime: Date.now() / 1000,
    AgentVersion: '3.3.987.0',
    IsLatestVersion: true,
    PlatformType: instance.platform,
    PlatformName: instance.platform === 'Linux' ? 'Debian GNU/Linux' : 'Microsoft Windows Server',
    PlatformVersion: instance.platform === 'Linux' ? '12' : '10.0',
    ResourceType: resourceType(instance),
    // "Name: the name assigned to an on-premises server … when it is activated".
    ...(instance.id.startsWith('mi-') ? { Name: instance.tags['Name'], IamRole: 'play-hybrid' } : {}),
    IPAddress: instance.privateIp,
    ComputerName: instance.hostname,
    SourceId: instance.id,
    SourceType: instance.id.startsWith('mi-') ? 'AWS::SSM::ManagedInstance' : 'AWS::EC2::Instance',
  };
}
