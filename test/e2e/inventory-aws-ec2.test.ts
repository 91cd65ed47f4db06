import { describe, expect, test } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';

const fleet = [
  { id: 'i-0000000000000000a', name: 'web-1', tags: { Role: 'web' }, publicIp: '203.0.113.1', privateIp: '10.0.0.1' },
  { id: 'i-0000000000000000b', name: 'web-2', tags: { Role: 'web', Old: 'true' }, privateIp: '10.0.0.2' },
  { id: 'i-0000000000000000c', name: 'db-1', tags: { Role: 'db' }, region: 'us-east-1', privateIp: '10.0.0.3' },
  { id: 'i-0000000000000000d', name: 'asleep', state: 'stopped' as const },
  { id: 'i-0000000000000000e', name: 'dead', state: 'terminated' as const },
  { id: 'mi-0000000000000000f', name: 'office' },
];

const asked = async (desk: Desk, aws: FakeAws, ...args: string[]): Promise<Played> =>
  desk.play(['inventory', ...args], { env: aws.env });

/** The hosts that one source finds, sorted. */
async function found(aws: FakeAws, text: string): Promise<string[]> {
  await using desk = await createDesk({ 'aws.yml': `plugin: amazon.aws.aws_ec2\nhostnames: ["tag:Name"]\n${text}` });
  const { exit, stdout, stderr } = await asked(desk, aws, '-i', 'aws.yml', '--list');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return Object.keys((JSON.parse(stdout) as { _meta: { hostvars: object } })._meta.hostvars).sort();
}

/** What a user reads when a source gives no hosts; the run ends before it begins. */
async function told(aws: FakeAws, text: string, env: Record<string, string> = {}): Promise<string> {
  await using desk = await createDesk({
    'aws.yml': `plugin: aws_ec2\n${text}`,
    'site.yml': '- hosts: aws_ec2\n  tasks:\n    - command: "true"\n',
  });
  const { exit, stdout, stderr } = await desk.play(['site.yml', '-i', 'aws.yml'], { env: { ...aws.env, ...env } });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain('aws.yml gives no hosts');
  return stderr;
}

describe('an inventory of instances of EC2', () => {
  test('has groups from tags and keys, and what AWS says of each host', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'inv/10-aws.yml': `plugin: amazon.aws.aws_ec2
regions: [eu-central-1, us-east-1]
filters: { instance-state-name: running }
hostnames: ["tag:Name"]
compose:
  ansible_host: vars.?public_ip_address.orValue(private_ip_address)
  tier: '"tier-" + tags.Role'
groups:
  public: has(vars.public_ip_address)
keyed_groups:
  - { key: tags.Role, prefix: role }
  - { key: placement.region, prefix: aws_region }
`,
      'inv/20-own.yml': 'shop:\n  children: { role_web: }\n  vars: { http_port: 8080 }\n',
    });
    const { exit, stdout, stderr } = await asked(desk, aws, '-i', 'inv', '--graph');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(
      [
        '@all:',
        '  |--@ungrouped:',
        '  |--@aws_ec2:',
        '  |  |--web-1',
        '  |  |--web-2',
        '  |  |--db-1',
        '  |--@shop:',
        '  |  |--@role_web:',
        '  |  |  |--web-1',
        '  |  |  |--web-2',
        '  |--@public:',
        '  |  |--web-1',
        '  |--@role_db:',
        '  |  |--db-1',
        '  |--@aws_region_eu_central_1:',
        '  |  |--web-1',
        '  |  |--web-2',
        '  |--@aws_region_us_east_1:',
        '  |  |--db-1',
        '',
      ].join('\n'),
    );
    const { stdout: host } = await asked(desk, aws, '-i', 'inv', '--host', 'web-1');
    expect(JSON.parse(host)).toMatchObject({
      http_port: 8080,
      ansible_host: '203.0.113.1',
      tier: 'tier-web',
      instance_id: 'i-0000000000000000a',
      instance_type: 't3.micro',
      private_ip_address: '10.0.0.1',
      public_ip_address: '203.0.113.1',
      tags: { Name: 'web-1', Role: 'web' },
      placement: { availability_zone: 'eu-central-1a', region: 'eu-central-1' },
      state: { code: 16, name: 'running' },
      security_groups: [{ group_id: 'sg-0f00000000000000d', group_name: 'default' }],
      launch_time: '2026-01-01T00:00:00+00:00',
      ansible_aws_ssm_instance_id: 'i-0000000000000000a',
      ansible_aws_ssm_region: 'eu-central-1',
    });
  });

  test('is of all regions of the account, and of all that is not gone, as in Ansible', async () => {
    await using aws = await startAws({ instances: fleet });
    expect(await found(aws, '')).toEqual(['asleep', 'db-1', 'web-1', 'web-2']);
    expect(aws.count('ec2:DescribeRegions')).toBe(1);
  });

  test('is of those that filters fit, less those that others do', async () => {
    await using aws = await startAws({ instances: fleet });
    const regions = 'regions: [eu-central-1, us-east-1]\n';
    expect(await found(aws, `${regions}filters: { tag:Role: [web, db] }\n`)).toEqual(['db-1', 'web-1', 'web-2']);
    expect(await found(aws, `${regions}filters: { tag:Role: web, tag:Old: true }\n`)).toEqual(['web-2']);
    expect(
      await found(aws, `${regions}include_filters: [{ tag:Role: web }, { instance-state-name: stopped }]\n`),
    ).toEqual(['asleep', 'web-1', 'web-2']);
    expect(await found(aws, `${regions}filters: { tag:Role: web }\nexclude_filters: [{ tag:Old: true }]\n`)).toEqual([
      'web-1',
    ]);
    expect(aws.count('ec2:DescribeRegions')).toBe(0);
  });

  test('is whole: all pages of 1,000 are read, in whatever order they come, and AWS may ask to slow down', async () => {
    await using aws = await startAws({
      canned: { instances: 2_100, output: () => '' },
      faults: { shuffled: true, throttle: [{ action: 'ec2:DescribeInstances', first: 2 }] },
    });
    expect(await found(aws, 'regions: [eu-central-1]\n')).toHaveLength(2_100);
  });

  test('goes together with what Systems Manager says of the same hosts', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'inv/ec2.yml': 'plugin: aws_ec2\nregions: [eu-central-1]\nhostnames: [instance-id]\n',
      'inv/ssm.yml': 'plugin: aws_ssm\n',
    });
    const { stdout } = await asked(desk, aws, '-i', 'inv', '--host', 'i-0000000000000000a');
    expect(JSON.parse(stdout)).toMatchObject({
      tags: { Role: 'web' },
      ping_status: 'Online',
      ansible_connection: 'ssm',
    });
  });

  test('is that of the account of the profile', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      '~/.aws/config': `[profile shop]
region = us-east-1
aws_access_key_id = ${aws.env['AWS_ACCESS_KEY_ID']}
aws_secret_access_key = ${aws.env['AWS_SECRET_ACCESS_KEY']}
`,
      'aws.yml': 'plugin: aws_ssm\nprofile: shop\n',
      'none.yml': 'plugin: aws_ec2\nprofile: shpo\nregions: [us-east-1]\n',
    });
    const { AWS_ENDPOINT_URL: url = '' } = aws.env;
    const env = { AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true' };
    const { stdout, stderr } = await desk.play(['inventory', '-i', 'aws.yml', '--list'], { env });
    expect(stderr).toBe('');
    expect(stdout).toContain('"ansible_aws_ssm_profile": "shop"');
    expect(stdout).toContain('"ansible_aws_ssm_region": "us-east-1"');
    const none = await desk.play(['inventory', '-i', 'none.yml'], { env });
    expect(none.exit).toBe(2);
    expect(none.stderr).toContain('ec2:DescribeInstances in us-east-1: no credentials were found');
    expect(none.stderr).toContain('asked with the profile "shpo"');
  });

  test('is not there when a call is denied, each with what the identity needs', async () => {
    await using aws = await startAws({ instances: fleet, faults: { deny: ['ec2:DescribeRegions'] } });
    expect(await told(aws, '')).toContain('ec2:DescribeRegions: AWS denies it');
    aws.faults.deny = ['ec2:DescribeInstances'];
    expect(await told(aws, 'regions: [eu-central-1]\n')).toContain(
      'ec2:DescribeInstances in eu-central-1: AWS denies it',
    );
    expect(await found(aws, 'regions: [eu-central-1]\nstrict_permissions: false\n')).toEqual([]);
  });

  test('is not there when AWS does not take the credentials, or there are none', async () => {
    await using aws = await startAws({ instances: fleet });
    const regions = 'regions: [eu-central-1, us-east-1]\n';
    expect(await told(aws, regions, { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' })).toContain(
      'ec2:DescribeInstances in eu-central-1, us-east-1: AWS does not take the credentials',
    );
    expect(await told(aws, regions, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })).toContain(
      'ec2:DescribeInstances in eu-central-1, us-east-1: no credentials were found',
    );
    aws.faults.expiredFrom = 1;
    expect(await told(aws, regions)).toContain('the credentials have expired');
  });
});
