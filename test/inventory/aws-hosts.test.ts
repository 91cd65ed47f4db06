import { describe, expect, it } from 'vitest';
import type { AwsInstance, AwsQuestion, AwsUnanswered } from '../../src/aws/inventory/question.ts';
import type { Fields } from '../../src/model/value.ts';
import { problem } from '../../src/problems/problem.ts';
import { hostNames, layers, load, summary } from './rig.ts';

const instance = (id: string, fields: Fields = {}, region = 'eu-west-1'): AwsInstance => ({
  id,
  region,
  fields: {
    instance_id: id,
    instance_type: 't3.micro',
    public_dns_name: '',
    private_dns_name: `ip-${id.slice(-1)}.internal`,
    placement: { availability_zone: `${region}a`, region },
    state: { code: 16, name: 'running' },
    tags: {},
    ...fields,
  },
});
const web = instance('i-00000001', {
  public_dns_name: 'web.example.com',
  private_ip_address: '10.0.0.1',
  security_groups: [
    { group_id: 'sg-1', group_name: 'web' },
    { group_id: 'sg-2', group_name: 'all' },
  ],
  tags: { Name: 'web', Role: 'front', 'aws:cost centre': '7' },
});
const db = instance(
  'i-00000002',
  { private_ip_address: '10.0.0.2', tags: { Name: 'db one', Role: 'back' } },
  'us-east-1',
);

/** Reads a source for which AWS has these machines. */
async function found(text: string, more: Record<string, string> = {}, instances = [web, db]) {
  const asked: [AwsQuestion, number | undefined][] = [];
  const loaded = await load(
    { 'aws.yml': text, ...more },
    {
      sources: [...Object.keys(more).filter((name) => !name.includes('/')), 'aws.yml'],
      askAws: async (question, cacheSeconds) => {
        asked.push([question, cacheSeconds]);
        return { instances };
      },
    },
  );
  return { ...loaded, ...summary(loaded.inventory), asked };
}

describe('hosts of aws_ec2', () => {
  it('are named after the public name, else the private one, in a group of their own, with what AWS says as variables', async () => {
    const { screen, groups, hosts, inventory } = await found('plugin: amazon.aws.aws_ec2\n');
    expect(screen).toEqual([]);
    expect(groups).toMatchObject({ aws_ec2: ['web.example.com', 'ip-2.internal'], ungrouped: [] });
    expect(hosts['web.example.com']).toMatchObject({
      instance_id: 'i-00000001',
      instance_type: 't3.micro',
      tags: { Name: 'web', Role: 'front' },
      placement: { region: 'eu-west-1' },
      ansible_aws_ssm_instance_id: 'i-00000001',
      ansible_aws_ssm_region: 'eu-west-1',
    });
    expect(hosts['web.example.com']).not.toHaveProperty('ansible_connection');
    expect(layers(inventory, 'ip-2.internal', 'instance_type')).toEqual(['aws_ec2 of aws.yml="t3.micro"']);
  });

  it('never have values that are taken for templates', async () => {
    const evil = instance('i-00000003', { tags: { Name: '{{ env.HOME }}' } });
    const { inventory } = await found('plugin: aws_ec2\n', {}, [evil]);
    const definitions = [...(inventory.hosts.get('ip-3.internal')?.vars.values() ?? [])].flat();
    expect(definitions.length).toBeGreaterThan(5);
    expect(definitions.filter(({ data }) => !data)).toEqual([]);
  });

  it('take the first name that they have, and are left out when they have none', async () => {
    const names = async (hostnames: string) =>
      hostNames((await found(`plugin: aws_ec2\nhostnames: ${hostnames}\n`)).inventory);
    expect(await names('["tag:Nobody", "tag:Name"]')).toEqual(['web', 'db_one']);
    expect(await names('[ip-address, private-ip-address]')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(await names('[{ name: instance-id, prefix: "tag:Role", separator: "-" }]')).toEqual([
      'front-i-00000001',
      'back-i-00000002',
    ]);
    expect(await names('[{ name: instance-id, prefix: lab }]')).toEqual(['lab_i-00000001', 'lab_i-00000002']);
    expect(await names('["tag:Role=front,Name=web"]')).toEqual(['Role_front']);
    expect(await names('[instance.group-name, instance-id]')).toEqual(['web', 'i-00000002']);
    expect(await names('[dns-name]')).toEqual(['web.example.com']);
  });

  it('are grouped by tags, by what a key gives and by conditions, and get composed variables', async () => {
    const { screen, groups, hosts } = await found(`
plugin: aws_ec2
hostnames: [instance-id]
compose:
  ansible_host: private_ip_address
  ansible_connection: "'ssm'"
groups:
  front: tags.Role == "front"
  costly: '"aws:cost centre" in tags'
keyed_groups:
  - { key: tags, prefix: tag }
  - { key: tags.Role, parent_group: roles, prefix: role, separator: '-' }
  - { key: placement.region, prefix: aws_region }
  - { key: 'security_groups.map(g, g.group_id)', prefix: sg }
`);
    expect(screen).toEqual([]);
    expect(groups).toMatchObject({
      front: ['i-00000001'],
      costly: ['i-00000001'],
      tag_Name_web: ['i-00000001'],
      tag_Name_db_one: ['i-00000002'],
      tag_aws_cost_centre_7: ['i-00000001'],
      roles: ['i-00000001', 'i-00000002'],
      role_back: ['i-00000002'],
      aws_region_us_east_1: ['i-00000002'],
      sg_sg_1: ['i-00000001'],
      sg_sg_2: ['i-00000001'],
    });
    expect(hosts['i-00000002']).toMatchObject({ ansible_host: '10.0.0.2', ansible_connection: 'ssm' });
  });

  it('may leave the separator out behind a tag without a value', async () => {
    const marked = [instance('i-00000003', { tags: { Spot: '', Role: 'x' } })];
    const keyed = (more: string) =>
      found(`plugin: aws_ec2\nkeyed_groups: [{ key: tags, prefix: tag${more} }]\n`, {}, marked);
    expect(Object.keys((await keyed('')).groups)).toContain('tag_Spot_');
    expect(Object.keys((await keyed(', trailing_separator: false')).groups)).toContain('tag_Spot');
    expect(Object.keys((await keyed(', default_value: yes_it_is')).groups)).toContain('tag_Spot_yes_it_is');
  });

  it('stand beside hosts of other files, whose groups these expressions do not touch', async () => {
    const { screen, groups, hosts } = await found(
      'plugin: aws_ec2\nhostnames: ["tag:Name"]\ngroups: { all_of_aws: true }\n',
      {
        'hosts.yml': 'web_servers:\n  hosts:\n    web: { http_port: 80 }\n    old: { tags: { Role: old } }\n',
        'group_vars/aws_ec2.yml': 'user: admin',
        'group_vars/all_of_aws.yml': 'cloud: true',
      },
    );
    expect(screen).toEqual([]);
    expect(groups).toMatchObject({
      web_servers: ['web', 'old'],
      aws_ec2: ['web', 'db_one'],
      all_of_aws: ['web', 'db_one'],
    });
    expect(hosts['web']).toMatchObject({ http_port: 80, instance_type: 't3.micro', user: 'admin', cloud: true });
  });

  it('can have a prefix and a suffix around their variables', async () => {
    const { hosts, groups } = await found(
      'plugin: aws_ec2\nhostvars_prefix: ec2_\nhostvars_suffix: _x\nhostnames: [instance-id]\nkeyed_groups: [{ key: ec2_tags_x.Role, prefix: "" }]\n',
    );
    expect(hosts['i-00000001']).toMatchObject({ ec2_instance_type_x: 't3.micro', ansible_aws_ssm_region: 'eu-west-1' });
    expect(hosts['i-00000001']).not.toHaveProperty('instance_type');
    expect(groups['_front']).toEqual(['i-00000001']);
  });

  it('are not quietly one where two instances have the same name', async () => {
    const { screen } = await found('plugin: aws_ec2\nhostnames: ["tag:Role"]\n', {}, [
      web,
      instance('i-00000003', { tags: { Role: 'front' } }),
    ]);
    expect(screen).toEqual([
      'aws.yml:2:12 2 instances would be called "front": i-00000001, i-00000003 | make the names differ, as with hostnames: [{ name: instance-id, prefix: "tag:Name" }]',
    ]);
  });
});

describe('faults of AWS', () => {
  const denied = (call = 'ec2:DescribeInstances') => problem('E_AWS_DENIED', { call, action: call, detail: 'no' });
  const told = async (text: string, answer: AwsUnanswered): Promise<string[]> =>
    (await load({ 'aws.yml': text }, { sources: ['aws.yml'], askAws: async () => answer })).screen;

  it('leave no half inventory: the region that failed is told by its name and place', async () => {
    const { screen, inventory } = await load(
      { 'aws.yml': 'plugin: aws_ec2\nregions: [eu-west-1, ap-east-1]\n' },
      {
        sources: ['aws.yml'],
        askAws: async () => ({ faults: [{ problem: denied(), regions: ['ap-east-1'] }], asked: 2 }),
      },
    );
    expect(hostNames(inventory)).toEqual([]);
    expect(screen).toEqual([
      'aws.yml:2:22 ec2:DescribeInstances in ap-east-1: AWS denies it: no | the identity needs ec2:DescribeInstances; docs/aws.md has the policies, play doctor aws tries them',
      'aws.yml gives no hosts, because only 1 of 2 regions gave an answer',
    ]);
  });

  it('are told once for all the regions that they are about', async () => {
    const regions = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'us-east-1', 'us-east-2', 'us-west-1'];
    const screen = await told('plugin: aws_ec2\n', { faults: [{ problem: denied(), regions }], asked: 6 });
    expect(screen[0]).toContain(
      'aws.yml:1:9 ec2:DescribeInstances in eu-west-1, eu-west-2, eu-west-3, us-east-1 and 2 more: AWS denies it',
    );
    expect(screen[1]).toBe('aws.yml gives no hosts, because no region gave an answer');
  });

  it('say that an old answer is there, and who asked', async () => {
    const [, last] = await told('plugin: aws_ec2\nprofile: shop\ncache: true\n', {
      faults: [{ problem: denied(), regions: ['eu-west-1'] }],
      asked: 1,
      keptFor: 9_000,
    });
    expect(last).toBe(
      'aws.yml gives no hosts, because no region gave an answer | asked with the profile "shop"; an answer was kept 3 h ago, and is not used: cache_timeout says how long one counts, unless --flush-cache is given',
    );
  });
});

describe('what is asked of AWS', () => {
  it('is what the file says, and everything when it says nothing', async () => {
    const { asked } = await found('plugin: aws_ec2\n');
    expect(asked).toEqual([
      [{ plugin: 'aws_ec2', regions: [], include: [{}], exclude: [], passesDenied: false, tags: false }, undefined],
    ]);
    const whole = await found(`
plugin: aws_ec2
profile: shop
regions: [eu-west-1, us-gov-east-1]
filters: { tag:Role: [web, db], instance-state-name: running }
include_filters: [{ tag:Name: x }]
exclude_filters: [{ tag:Old: true }]
strict_permissions: false
cache: true
`);
    expect(whole.asked).toEqual([
      [
        {
          plugin: 'aws_ec2',
          profile: 'shop',
          regions: ['eu-west-1', 'us-gov-east-1'],
          include: [{ 'tag:Role': ['web', 'db'], 'instance-state-name': ['running'] }, { 'tag:Name': ['x'] }],
          exclude: [{ 'tag:Old': ['true'] }],
          passesDenied: true,
          tags: false,
        },
        3600,
      ],
    ]);
    expect(whole.hosts['ip-2.internal']).toMatchObject({ ansible_aws_ssm_profile: 'shop' });
  });
});

describe('hosts of aws_ssm', () => {
  it('are named after their ids and reached through Systems Manager', async () => {
    const { groups, hosts } = await found('plugin: community.aws.aws_ssm\n', {}, [
      {
        id: 'mi-00000000000000001',
        region: 'eu-west-1',
        fields: { instance_id: 'mi-00000000000000001', region: 'eu-west-1' },
      },
    ]);
    expect(groups['aws_ssm']).toEqual(['mi-00000000000000001']);
    expect(hosts['mi-00000000000000001']).toEqual({
      instance_id: 'mi-00000000000000001',
      region: 'eu-west-1',
      ansible_connection: 'ssm',
      ansible_aws_ssm_instance_id: 'mi-00000000000000001',
      ansible_aws_ssm_region: 'eu-west-1',
    });
  });
});
