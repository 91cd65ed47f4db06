import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';

const [web, west, lost, office] = [
  'i-0123456789abcdef0',
  'i-0123456789abcdef1',
  'i-0123456789abcdef2',
  'mi-0123456789abcdef3',
] as const;
const fleet = [
  { id: web, name: 'web', tags: { Role: 'web' } },
  { id: west, name: 'west', tags: { Role: 'web' }, region: 'eu-west-1' },
  { id: lost, name: 'lost', tags: { Role: 'web' }, ping: 'ConnectionLost' as const },
  { id: office, name: 'office', tags: { Role: 'print' } },
];

/** What a user types, and how an inventory with these files answers. */
const asked = async (desk: Desk, aws: FakeAws, ...args: string[]): Promise<Played> =>
  desk.play(['inventory', ...args], { env: aws.env });
const source = (more = ''): string => `plugin: aws_ssm\nregions: [eu-central-1, eu-west-1]\n${more}`;
const hostsOf = ({ stdout }: Played): string[] => [...new Set(stdout.match(/m?i-[0-9a-f]{17}/g) ?? [])].sort();

describe('an inventory of what Systems Manager manages', () => {
  test('lists who is online in all regions, hybrid ones too, beside the hosts of static files', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'inv/aws.yml': source(
        'keyed_groups: [{ key: region, prefix: in }]\ngroups: { hybrid: resource_type == "ManagedInstance" }\n',
      ),
      'inv/static.yml': 'site:\n  hosts:\n    old.example.com:\n  children:\n    aws_ssm:\n',
      'inv/group_vars/site.yml': 'tier: front',
    });
    const { exit, stdout, stderr } = await asked(desk, aws, '-i', 'inv', '--graph');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(
      [
        '@all:',
        '  |--@ungrouped:',
        '  |--@site:',
        '  |  |--@aws_ssm:',
        `  |  |  |--${web}`,
        `  |  |  |--${west}`,
        `  |  |  |--${office}`,
        '  |  |--old.example.com',
        '  |--@hybrid:',
        `  |  |--${office}`,
        '  |--@in_eu_central_1:',
        `  |  |--${web}`,
        `  |  |--${office}`,
        '  |--@in_eu_west_1:',
        `  |  |--${west}`,
        '',
      ].join('\n'),
    );
    const { stdout: host } = await asked(desk, aws, '-i', 'inv', '--host', office);
    expect(JSON.parse(host)).toMatchObject({
      tier: 'front',
      name: 'office',
      platform_type: 'Linux',
      ansible_connection: 'ssm',
      ansible_aws_ssm_instance_id: office,
      ansible_aws_ssm_region: 'eu-central-1',
    });
  });

  test('is looked for where the environment says, when the file names no region', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({ 'aws.yml': 'plugin: community.aws.aws_ssm\n' });
    const there = (region: string): Promise<Played> =>
      desk.play(['inventory', '-i', 'aws.yml'], { env: { ...aws.env, AWS_REGION: region } });
    expect(hostsOf(await there('eu-west-1'))).toEqual([west]);
    const { exit, stderr } = await there('');
    expect(exit).toBe(2);
    expect(stderr).toContain('ssm:DescribeInstanceInformation: no region is known');
    expect(stderr).toContain('aws.yml gives no hosts, because it is not known which regions to ask');
  });

  test('is of those that filters fit: of tags, and at the same time of others, which AWS does not combine', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'tags.yml': source('filters: { tag:Role: web }\n'),
      'lost.yml': source('filters: { tag:Role: web, PingStatus: [ConnectionLost] }\n'),
      'kind.yml': source('filters: { ResourceType: ManagedInstance }\n'),
    });
    expect(hostsOf(await asked(desk, aws, '-i', 'tags.yml'))).toEqual([web, west]);
    expect(hostsOf(await asked(desk, aws, '-i', 'lost.yml'))).toEqual([lost]);
    expect(hostsOf(await asked(desk, aws, '-i', 'kind.yml'))).toEqual([office]);
  });

  test('has tags only when the file wants them: of instances of EC2 from there, of hybrid ones one by one', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'plain.yml': source(),
      'aws.yml': source('tags: true\nhostnames: ["tag:Name"]\nkeyed_groups: [{ key: tags.Role, prefix: role }]\n'),
    });
    const plain = await asked(desk, aws, '-i', 'plain.yml', '--list');
    expect(plain.stdout).not.toContain('"tags"');
    const calls = aws.calls.length;
    const { stdout, stderr } = await asked(desk, aws, '-i', 'aws.yml', '--graph', '--limit', 'role_*');
    expect(stderr).toBe('');
    expect(stdout).toContain('  |--@role_web:\n  |  |--web\n  |  |--west\n  |--@role_print:\n  |  |--office\n');
    expect(
      aws.calls
        .slice(calls)
        .map(({ action, region }) => `${action} ${region}`)
        .sort(),
    ).toEqual([
      'DescribeInstanceInformation eu-central-1',
      'DescribeInstanceInformation eu-west-1',
      'DescribeInstances eu-central-1',
      'DescribeInstances eu-west-1',
      'ListTagsForResource eu-central-1',
    ]);
  });

  test('is whole: all pages are read, in whatever order they come, and AWS may ask to slow down', async () => {
    await using aws = await startAws({
      instances: 130,
      faults: { shuffled: true, throttle: [{ action: 'ssm:DescribeInstanceInformation', first: 2 }] },
    });
    await using desk = await createDesk({ 'aws.yml': 'plugin: aws_ssm\n' });
    const hosts = hostsOf(await asked(desk, aws, '-i', 'aws.yml'));
    expect(hosts).toEqual([...aws.instances.keys()].sort());
    expect(aws.count('ssm:DescribeInstanceInformation')).toBeGreaterThanOrEqual(5);
  });

  test('is kept when the file says so, for its user only, and asked for anew with --flush-cache', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({ 'aws.yml': source('cache: true\n') });
    const cache = join(desk.home, '.cache/play/inventory');
    await asked(desk, aws, '-i', 'aws.yml');
    const calls = aws.calls.length;
    expect(calls).toBe(2);
    aws.instances.delete(west);
    expect(hostsOf(await asked(desk, aws, '-i', 'aws.yml'))).toEqual([web, west, office]);
    expect(aws.calls).toHaveLength(calls);
    expect(readdirSync(cache).map((name) => statSync(join(cache, name)).mode & 0o777)).toEqual([0o600]);
    expect(hostsOf(await asked(desk, aws, '-i', 'aws.yml', '--flush-cache'))).toEqual([web, office]);
    expect(aws.calls).toHaveLength(calls + 2);
  });

  test('is neither asked for by completion nor when the file has a mistake', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'aws.yml': source(),
      'bad.yml': source('tag: true\n'),
      'site.yml': '- hosts: all\n  tasks:\n    - command: "true"\n',
    });
    const { exit, stdout } = await desk.play(['lint', 'site.yml', '-i', 'bad.yml'], { env: aws.env });
    expect(exit).toBe(2);
    expect(stdout).toContain('the plugin aws_ssm has an unknown key "tag"');
    expect(stdout).toContain('did you mean "tags"?');
    await desk.play(['__complete', 'inventory', '-i', 'aws.yml', '--limit', ''], { env: aws.env });
    expect(aws.calls).toEqual([]);
  });

  test('is asked for once in a command, however often the files are read', async () => {
    await using aws = await startAws({ instances: fleet });
    await using desk = await createDesk({
      'inv/aws.yml': 'plugin: aws_ssm\n',
      'site.yml': [
        'commands:',
        '  up: { hosts: aws_ssm, tasks: [{ command: "true" }] }',
        '  down: { hosts: aws_ssm, tasks: [{ command: "false" }] }',
        '',
      ].join('\n'),
    });
    const { exit, stdout } = await desk.play(['lint', 'site.yml', '-i', 'inv'], { env: aws.env });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'site.yml: no problems (2 tasks, 2 hosts)\n' });
    expect(aws.calls).toHaveLength(1);
  });

  test('is not there when a policy denies it, unless that is no matter', async () => {
    await using aws = await startAws({ instances: fleet, faults: { deny: ['ssm:DescribeInstanceInformation'] } });
    await using desk = await createDesk({ 'aws.yml': source(), 'easy.yml': source('strict_permissions: false\n') });
    const denied = await asked(desk, aws, '-i', 'aws.yml');
    expect(denied.exit).toBe(2);
    expect(denied.stderr).toContain('ssm:DescribeInstanceInformation in eu-central-1, eu-west-1: AWS denies it');
    expect(denied.stderr).toContain('aws.yml gives no hosts, because no region gave an answer');
    expect(denied.stdout).toBe('');
    const easy = await asked(desk, aws, '-i', 'easy.yml');
    expect({ exit: easy.exit, hosts: hostsOf(easy) }).toEqual({ exit: 0, hosts: [] });
  });

  test('is not there when the credentials have expired, and nothing runs', async () => {
    await using aws = await startAws({ instances: fleet, faults: { expiredFrom: 1 } });
    await using desk = await createDesk({
      'aws.yml': source(),
      'site.yml': '- hosts: aws_ssm\n  tasks:\n    - command: "true"\n',
    });
    const { exit, stderr } = await desk.play(['site.yml', '-i', 'aws.yml'], { env: aws.env });
    expect(exit).toBe(2);
    expect(stderr).toContain('the credentials have expired');
    expect(stderr).toContain('aws.yml gives no hosts');
    expect(stderr).not.toContain('no host or group matches');
  });

  test('is not there when AWS cannot be reached, and an old answer is told of but not used', async () => {
    const aws = await startAws({ instances: fleet });
    await using desk = await createDesk({ 'aws.yml': source('cache: true\n') });
    await asked(desk, aws, '-i', 'aws.yml');
    await aws.close();
    const { exit, stderr } = await asked(desk, aws, '-i', 'aws.yml', '--flush-cache');
    expect(exit).toBe(2);
    expect(stderr).toContain(
      'ssm:DescribeInstanceInformation in eu-central-1, eu-west-1: the endpoint cannot be reached',
    );
    expect(stderr).toMatch(/an answer was kept \d+ s ago, and is not used/);
    expect(hostsOf(await asked(desk, aws, '-i', 'aws.yml'))).toEqual([web, west, office]);
  });
});
