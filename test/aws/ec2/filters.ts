import { AwsError } from '../errors.ts';
import type { Instance } from '../types.ts';

/** A filter as the form has it. */
export interface Filter {
  Name?: string;
  Value?: string[];
}

/** What a filter looks at. Names: "DescribeInstances" of the EC2 API reference. */
const seen: Record<string, (instance: Instance) => string> = {
  'instance-id': ({ id }) => id,
  'instance-type': ({ type }) => type,
  'instance-state-name': ({ state }) => state,
  'private-ip-address': ({ privateIp }) => privateIp,
  'private-dns-name': privateName,
  'ip-address': ({ publicIp }) => publicIp ?? '',
  'availability-zone': zoneOf,
  'vpc-id': () => 'vpc-0f00000000000000a',
  'subnet-id': () => 'subnet-0f00000000000000b',
  'image-id': () => 'ami-0f00000000000000c',
  architecture: () => 'x86_64',
  platform: ({ platform }) => (platform === 'Windows' ? 'windows' : ''),
};

export function privateName({ hostname, region }: Instance): string {
  return `${hostname}.${region}.compute.internal`;
}

export function zoneOf({ region }: Instance): string {
  return `${region}a`;
}

/** All filters have to fit, one of the values of each; `*` and `?` stand for anything ("Filtering and wildcards"). */
export function fits(instance: Instance, filters: readonly Filter[]): boolean {
  return filters.every(({ Name = '', Value = [] }) => {
    const tag = /^tag:(.+)$/.exec(Name)?.[1];
    const found = tag === undefined ? undefined : instance.tags[tag];
    if (tag !== undefined) return found !== undefined && Value.some((pattern) => like(pattern, found));
    if (Name === 'tag-key')
      return Object.keys(instance.tags).some((key) => Value.some((pattern) => like(pattern, key)));
    const look = seen[Name];
    if (!look) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    return Value.some((pattern) => like(pattern, look(instance)));
  });
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
