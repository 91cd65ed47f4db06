import type { AwsPlugin } from '../aws/inventory/question.ts';
import type { Fields, Value } from '../model/value.ts';
import { problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { isFields } from './draft.ts';
import { knownKeys, type Path, type Shape, shapeFault } from './shape.ts';

/** What a machine's name is taken from: a field or a tag; text stands for itself. */
type NamePart = { field: readonly string[] } | { tags: readonly { name: string; value?: string }[] } | { text: string };

/** One preference: a part, and what stands before it. */
export interface HostnameRule {
  name: NamePart;
  before?: { part: NamePart; separator: string };
}

/** Names of filters of DescribeInstances, as Ansible has them for `hostnames`, and the field that each is about. */
const ec2Names: Readonly<Record<string, string>> = {
  architecture: 'architecture',
  'availability-zone': 'placement.availability_zone',
  'client-token': 'client_token',
  'dns-name': 'public_dns_name',
  'host-id': 'placement.host_id',
  'image-id': 'image_id',
  'instance-id': 'instance_id',
  'instance-state-name': 'state.name',
  'instance-type': 'instance_type',
  'instance.group-id': 'security_groups.group_id',
  'instance.group-name': 'security_groups.group_name',
  'ip-address': 'public_ip_address',
  'key-name': 'key_name',
  'launch-index': 'ami_launch_index',
  'network-interface.addresses.association.public-ip': 'network_interfaces.private_ip_addresses.association.public_ip',
  'network-interface.addresses.private-ip-address': 'network_interfaces.private_ip_address',
  'network-interface.association.public-ip': 'network_interfaces.association.public_ip',
  'network-interface.ipv6-addresses.ipv6-address': 'network_interfaces.ipv6_addresses.ipv6_address',
  'network-interface.network-interface-id': 'network_interfaces.network_interface_id',
  'network-interface.private-dns-name': 'network_interfaces.private_dns_name',
  'owner-id': 'owner_id',
  'placement-group-name': 'placement.group_name',
  platform: 'platform',
  'private-dns-name': 'private_dns_name',
  'private-ip-address': 'private_ip_address',
  'reservation-id': 'reservation_id',
  'spot-instance-request-id': 'spot_instance_request_id',
  'subnet-id': 'subnet_id',
  'vpc-id': 'vpc_id',
};

/** Systems Manager has no such names; these follow its fields. */
const ssmNames: Readonly<Record<string, string>> = {
  'computer-name': 'computer_name',
  'instance-id': 'instance_id',
  'ip-address': 'ip_address',
  name: 'name',
  'source-id': 'source_id',
};

const namesOf = { aws_ec2: ec2Names, aws_ssm: ssmNames };

/** What machines are called when the file does not say: of EC2 as in Ansible. */
const usual = { aws_ec2: ['dns-name', 'private-dns-name'], aws_ssm: ['instance-id'] };

/** Reads `hostnames`: the first that a machine has is its name. */
export function readHostnames(shape: Shape, plugin: AwsPlugin, value: Value | undefined): HostnameRule[] {
  const list =
    value === undefined || value === null || (Array.isArray(value) && value.length === 0) ? usual[plugin] : value;
  if (!Array.isArray(list)) {
    shapeFault(shape, ['hostnames'], { part: 'hostnames', wants: 'a list', value: list });
    return [];
  }
  return list.flatMap((entry, index) => readRule({ shape, plugin, path: ['hostnames', index] }, entry) ?? []);
}

interface RulePlace {
  shape: Shape;
  plugin: AwsPlugin;
  path: Path;
}

function readRule(place: RulePlace, entry: Value): HostnameRule | undefined {
  const { shape, path } = place;
  if (typeof entry === 'string') {
    const name = readName(place, entry);
    return name && { name };
  }
  if (!isFields(entry))
    return shapeFault(shape, path, {
      part: 'an entry of hostnames',
      wants: 'a name, or a mapping with one',
      value: entry,
    });
  knownKeys(shape, entry, { path, part: 'an entry of hostnames', known: ['name', 'prefix', 'separator'] });
  const { name, prefix, separator = '_' } = entry;
  for (const [key, value] of Object.entries({ name: name ?? null, prefix: prefix ?? '', separator }))
    if (typeof value !== 'string') shapeFault(shape, [...path, key], { part: key, wants: 'text', value });
  if (typeof name !== 'string' || typeof separator !== 'string') return undefined;
  const part = readName({ ...place, path: [...path, 'name'] }, name);
  if (!part) return undefined;
  if (typeof prefix !== 'string' || prefix === '') return { name: part };
  return { name: part, before: { part: partOf(place.plugin, prefix) ?? { text: prefix }, separator } };
}

/** Other than in Ansible, a name that is none is a mistake: as text it would be the name of every machine. */
function readName({ shape, plugin, path }: RulePlace, text: string): NamePart | undefined {
  const part = partOf(plugin, text);
  if (part) return part;
  const near = similar(text, Object.keys(namesOf[plugin]));
  const facts = {
    plugin,
    name: text,
    known: Object.keys(namesOf[plugin]),
    ...(near !== undefined && { similar: near }),
  };
  shape.problems.push(problem('E_AWS_INVENTORY_HOSTNAME', facts, shape.root.locate(path)));
  return undefined;
}

/** `tag:Name` is the value of a tag; `tag:Name=web,Role=db` is `Name_web` for machines that have that. */
function partOf(plugin: AwsPlugin, text: string): NamePart | undefined {
  const names = namesOf[plugin];
  if (Object.hasOwn(names, text)) return { field: (names[text] ?? '').split('.') };
  if (!text.startsWith('tag:') || text.includes('|')) return undefined;
  const tags = text.slice('tag:'.length).split(',');
  return {
    tags: tags.map((tag) => {
      const [, name = tag, value] = /^([^=]*)=(.*)$/.exec(tag) ?? [];
      return { name, ...(value !== undefined && { value }) };
    }),
  };
}

/** The name of a machine; undefined when it has nothing of what is asked for. What a name cannot hold becomes `_`. */
export function hostnameOf(fields: Fields, rules: readonly HostnameRule[]): string | undefined {
  for (const { name, before } of rules) {
    const own = textOf(fields, name);
    if (own === '') continue;
    const start = before ? textOf(fields, before.part) : '';
    const whole = before && start !== '' ? start + before.separator + own : own;
    return whole.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^-/, '_');
  }
  return undefined;
}

function textOf(fields: Fields, part: NamePart): string {
  if ('text' in part) return part.text;
  if ('field' in part) return firstText(fields, part.field);
  const tags = fields['tags'];
  if (!isFields(tags ?? null)) return '';
  for (const { name, value } of part.tags) {
    const has = Object.hasOwn(tags as Fields, name) ? (tags as Fields)[name] : undefined;
    if (typeof has !== 'string' || has === '') continue;
    if (value === undefined) return has;
    if (value === has) return `${name}_${value}`;
  }
  return '';
}

/** The first text below a path; of a list, that of its first member that has one. */
function firstText(value: Value | undefined, path: readonly string[]): string {
  if (Array.isArray(value)) return value.map((each) => firstText(each, path)).find((text) => text !== '') ?? '';
  const [key, ...rest] = path;
  if (key !== undefined) return isFields(value) && Object.hasOwn(value, key) ? firstText(value[key], rest) : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
