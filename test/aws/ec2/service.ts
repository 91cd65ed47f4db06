import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import { page } from '../pages.ts';
import type { Agents } from '../ssm/agent.ts';
import type { Call, Instance, InstanceState, Service } from '../types.ts';
import { type Filter, fits, privateName, zoneOf } from './filters.ts';

/** Input of the operations, in the names of the form. */
interface Input {
  InstanceId?: string[];
  Filter?: Filter[];
  MaxResults?: string;
  NextToken?: string;
  DryRun?: string;
  IncludeAllInstances?: string;
  ResourceId?: string[];
  Tag?: { Key?: string; Value?: string }[];
  RegionName?: string[];
}

/** Numbers of the states ("InstanceState" of the EC2 API reference). */
const codes: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Seconds that an instance is on its way to a state. */
const moves = 2;

/** EC2. Source: the EC2 API reference, page of each operation. */
export function ec2(cloud: Cloud, agents: Agents): Service {
  const mine = (region: string): Instance[] =>
    [...cloud.instances.values()].filter(({ id, region: where }) => where === region && id.startsWith('i-'));

  const named = (ids: readonly string[], region: string): Instance[] => {
    const known = new Map(mine(region).map((instance) => [instance.id, instance]));
    for (const id of ids) {
      if (!/^i-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id))
        throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
      if (!known.has(id)) throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
    }
    return ids.flatMap((id) => known.get(id) ?? []);
  };

  /** "MaxResults: between 5 and 1000; not together with instance ids", and everything without it. */
  const listed = (params: Input, all: Instance[]): { items: Instance[]; next: string | undefined } => {
    const { InstanceId = [], MaxResults, NextToken } = params;
    if (MaxResults !== undefined && InstanceId.length > 0) {
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    }
    const size = MaxResults === undefined ? all.length : Number(MaxResults);
    if (MaxResults !== undefined && (size < 5 || size > 1000)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value greater than 5.`,
      );
    }
    return page(all, { size, token: NextToken, faults: cloud.faults });
  };

  const chosen = (params: Input, region: string): Instance[] => {
    const { InstanceId = [], Filter = [] } = params;
    const among = InstanceId.length > 0 ? named(InstanceId, region) : mine(region);
    return among.filter((instance) => fits(instance, Filter));
  };

  const tried = ({ DryRun }: Input): void => {
    // "If you have the required permissions, the error response is DryRunOperation."
    if (DryRun === 'true') {
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
  };

  const change =
    (to: { by: InstanceState; end: InstanceState }) =>
    ({ params, region }: Call<Input>): unknown => {
      const instances = named(params.InstanceId ?? [], region);
      tried(params);
      const bad = instances.find(({ state }) => state === 'terminated' || state === 'shutting-down');
      if (bad && to.end !== 'terminated') {
        throw new AwsError(
          'IncorrectInstanceState',
          `The instance '${bad.id}' is not in a state from which it can be started.`,
        );
      }
      return {
        instancesSet: instances.map((instance) => {
          const before = instance.state;
          if (before !== to.end) {
            instance.state = to.by;
            cloud.after(cloud.milliseconds(moves), () => {
              if (instance.state === to.by) instance.state = to.end;
            });
            if (to.end !== 'running') agents.reboot(instance);
          }
          return { instanceId: instance.id, currentState: stateView(instance.state), previousState: stateView(before) };
        }),
      };
    };

  const retag =
    (apply: (tags: Record<string, string>, tag: { Key?: string; Value?: string }) => void) =>
    ({ params, region }: Call<Input>): unknown => {
      const instances = named(params.ResourceId ?? [], region);
      tried(params);
      for (const { tags } of instances) for (const tag of params.Tag ?? []) apply(tags, tag);
      return { return: true };
    };

  return {
    DescribeInstances({ params, region }: Call<Input>) {
      tried(params);
      const { items, next } = listed(params, chosen(params, region));
      // One reservation for each: what was launched together is not known.
      const reservationSet = items.map((instance) => ({
        reservationId: `r-${instance.id.slice(2)}`,
        ownerId: cloud.account,
        instancesSet: [instanceView(instance)],
      }));
      return { reservationSet, nextToken: next };
    },
    DescribeInstanceStatus({ params, region }: Call<Input>) {
      const isWanted = ({ state }: Instance): boolean => params.IncludeAllInstances === 'true' || state === 'running';
      const { items, next } = listed(params, chosen(params, region).filter(isWanted));
      return { instanceStatusSet: items.map(statusView), nextToken: next };
    },
    StartInstances: change({ by: 'pending', end: 'running' }),
    StopInstances: change({ by: 'stopping', end: 'stopped' }),
    TerminateInstances: change({ by: 'shutting-down', end: 'terminated' }),
    RebootInstances({ params, region }: Call<Input>) {
      const instances = named(params.InstanceId ?? [], region);
      tried(params);
      for (const instance of instances) agents.reboot(instance);
      return { return: true };
    },
    CreateTags: retag((tags, { Key = '', Value = '' }) => {
      tags[Key] = Value;
    }),
    // "If you specify a tag key without a value, the tag is deleted whatever its value."
    DeleteTags: retag((tags, { Key = '', Value }) => {
      if (Value === undefined || tags[Key] === Value) delete tags[Key];
    }),
    DescribeTags({ params, region }: Call<Input>) {
      const ids = params.Filter?.find(({ Name }) => Name === 'resource-id')?.Value ?? [];
      const among = mine(region).filter(({ id }) => ids.includes(id));
      const tagSet = among.flatMap(({ id, tags }) =>
        Object.entries(tags).map(([key, value]) => ({ key, value, resourceId: id, resourceType: 'instance' })),
      );
      return { tagSet };
    },
    DescribeRegions({ params }: Call<Input>) {
      const used = [...cloud.instances.values()].map(({ region }) => region);
      const names = [...new Set([cloud.region, 'us-east-1', ...used])].sort();
      const regions = names.filter((name) => !params.RegionName?.length || params.RegionName.includes(name));
      return {
        regionInfo: regions.map((regionName) => ({
          regionName,
          regionEndpoint: `ec2.${regionName}.amazonaws.com`,
          optInStatus: 'opt-in-not-required',
        })),
      };
    },
  };
}

function stateView(state: InstanceState): { code: number; name: InstanceState } {
  return { code: codes[state], name: state };
}

function instanceView(instance: Instance): Record<string, unknown> {
  const { id, tags, state, type, privateIp, publicIp, region } = instance;
  return {
    instanceId: id,
    imageId: 'ami-0f00000000000000c',
    instanceState: stateView(state),
    privateDnsName: privateName(instance),
    // "This name is not available until the instance enters the running state", as its public address.
    dnsName:
      publicIp && state === 'running' ? `ec2-${publicIp.replaceAll('.', '-')}.${region}.compute.amazonaws.com` : '',
    keyName: 'play',
    instanceType: type,
    launchTime: instance.launchedAt,
    placement: { availabilityZone: zoneOf(instance), tenancy: 'default' },
    platform: instance.platform === 'Windows' ? 'windows' : undefined,
    platformDetails: instance.platform === 'Windows' ? 'Windows' : 'Linux/UNIX',
    monitoring: { state: 'disabled' },
    subnetId: 'subnet-0f00000000000000b',
    vpcId: 'vpc-0f00000000000000a',
    privateIpAddress: privateIp,
    ipAddress: state === 'running' ? publicIp : undefined,
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    virtualizationType: 'hvm',
    groupSet: [{ groupId: 'sg-0f00000000000000d', groupName: 'default' }],
    tagSet: Object.entries(tags).map(([key, value]) => ({ key, value })),
  };
}

function statusView(instance: Instance): Record<string, unknown> {
  const status = instance.state === 'running' ? 'ok' : 'not-applicable';
  const details = [{ name: 'reachability', status: 'passed' }];
  return {
    instanceId: instance.id,
    availabilityZone: zoneOf(instance),
    instanceState: stateView(instance.state),
    systemStatus: { status, details },
    instanceStatus: { status, details },
  };
}
