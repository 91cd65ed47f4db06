import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import type { AwsOptions } from '../aws/types.ts';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

let aws: FakeAws;
let desk: Desk;

beforeAll(async () => {
  await builtPlay();
}, 120_000);

async function start(options: AwsOptions = {}): Promise<void> {
  aws = await startAws({ instances: 2, ...options });
  desk = await createDesk();
}

async function doctor(args: string[] = [], env: Record<string, string> = {}): Promise<{ exit: number; said: string }> {
  // What the SDK says about Node is kept from the screen by play itself.
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...mine } = aws.env;
  const { exit, stdout, stderr } = await desk.play(['doctor', 'aws', ...args], { env: { ...mine, ...env } });
  expect(stderr).toBe('');
  return { exit, said: stdout };
}

afterEach(async () => {
  await aws.close();
  await desk[Symbol.asyncDispose]();
});

const all = `✓ identity  arn:aws:iam::123456789012:user/play of account 123456789012; credentials from the environment (AWS_ACCESS_KEY_ID)
✓ region  eu-central-1, from AWS_REGION
✓ ssm:SendCommand  allowed, for running tasks through Systems Manager
✓ ssm:ListCommandInvocations  allowed, for running tasks through Systems Manager
✓ ssm:GetCommandInvocation  allowed, for running tasks through Systems Manager
✓ ssm:ListCommands  allowed, for finding commands again whose sending was not answered
✓ ssm:CancelCommand  allowed, for stopping a run
✓ ec2:DescribeInstances  allowed, for inventories of EC2 (aws_ec2)
✓ ssm:GetParameters  allowed, for values by ssm()
✓ secretsmanager:GetSecretValue  allowed, for values by secret()
✓ instances  2 known: 2 Online, 0 ConnectionLost, 0 Inactive
`;

describe('play doctor aws', () => {
  it('says who calls, what is allowed and what is reached, and starts no command', async () => {
    await start();
    expect(await doctor()).toEqual({ exit: 0, said: all });
    expect(aws.calls.filter(({ action, error }) => action === 'SendCommand' && error === undefined)).toEqual([]);
  });

  it('looks at the hosts of an inventory: those that are lost, those that nobody knows, the bucket', async () => {
    const [one, two, three] = ['i-00000000000000001', 'i-00000000000000002', 'i-00000000000000003'];
    await start({ instances: [{ id: one }, { id: two, ping: 'ConnectionLost' }], buckets: ['deploys'] });
    desk.file(
      'hosts.yml',
      `all:
  vars: { ansible_connection: ssm, ansible_aws_ssm_region: eu-central-1, ansible_aws_ssm_bucket_name: deploys }
  hosts:
    web-1: { instance_id: ${one} }
    web-2: { instance_id: ${two} }
    web-3: { instance_id: ${three} }
    here: { ansible_connection: local }
`,
    );
    const { exit, said } = await doctor(['-i', 'hosts.yml'], { AWS_REGION: 'us-east-1' });
    expect(exit).toBe(3);
    expect(said).toContain('✓ region  eu-central-1, from the inventory');
    expect(said).toContain('✓ s3:ListBucket  allowed, for the bucket deploys');
    expect(said).toContain('✓ instances  2 known: 1 Online, 1 ConnectionLost, 0 Inactive');
    expect(said).toContain(
      `✖ inventory  not registered with Systems Manager in this region: web-3 (${three})\n    check the id`,
    );
    expect(said).toContain(`✖ inventory  registered and not Online: web-2 (${two})\n    start them`);
    expect(said).not.toContain('web-1');
  });

  it('names a bucket that is not there', async () => {
    await start({ instances: [{ id: 'i-00000000000000001' }] });
    desk.file(
      'hosts.yml',
      'all: { hosts: { i-00000000000000001: { ansible_connection: ssm, ansible_aws_ssm_bucket_name: nowhere } } }\n',
    );
    const { exit, said } = await doctor(['-i', 'hosts.yml']);
    expect(exit).toBe(3);
    expect(said).toContain(
      '✖ s3:ListBucket  there is no such bucket: the bucket nowhere\n    check ansible_aws_ssm_bucket_name',
    );
    expect(said).toContain('✓ inventory  the one host with connection ssm is Online');
  });

  it('tells what is denied, and is unsure where a policy may allow only certain names', async () => {
    await start();
    aws.faults.deny = ['ssm:GetParameters', 'ssm:DescribeInstanceInformation', 'ec2:DescribeInstances'];
    const { exit, said } = await doctor();
    expect(exit).toBe(3);
    expect(said).toContain(
      '? ssm:GetParameters  denied, so perhaps no values by ssm()\n    a policy that names single',
    );
    expect(said).toContain(
      '? ec2:DescribeInstances  denied, so perhaps no inventories of EC2 (aws_ec2)\n    docs/aws.md has',
    );
    expect(said).toContain('✖ instances  ssm:DescribeInstanceInformation: AWS denies it');
    expect(said).toContain('(E_AWS_DENIED)');
  });

  it.each([
    ['expired', { expiredFrom: 0 }, {}, '✖ identity  sts:GetCallerIdentity: the credentials have expired: '],
    [
      'none',
      {},
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      '✖ identity  sts:GetCallerIdentity: no credentials',
    ],
    [
      'those of a profile that there is not',
      {},
      { AWS_PROFILE: 'nobody' },
      '✖ identity  sts:GetCallerIdentity: no credentials were found for the profile nobody',
    ],
    [
      'without a region',
      {},
      { AWS_REGION: '', AWS_DEFAULT_REGION: '' },
      '✖ region  play doctor aws: no region is known',
    ],
  ])('asks nothing more when the credentials are %s', async (_, faults, env, words) => {
    await start();
    Object.assign(aws.faults, faults);
    const { exit, said } = await doctor([], { AWS_EC2_METADATA_DISABLED: 'true', ...env });
    expect(exit).toBe(3);
    expect(said).toContain(words);
    // What the library would say by itself, and the advice to ask whom one is asking.
    expect(said).not.toMatch(/WARNING|Multiple credential|play doctor aws (says|tries)/);
    expect(said).not.toContain('ssm:SendCommand');
    expect(aws.count('ssm:SendCommand')).toBe(0);
  });

  it('still speaks of networks when nothing else is asked', async () => {
    await start();
    const run = await desk.play(['doctor']);
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(run.stdout).toContain('raw packets');
    expect((await desk.play(['doctor', 'azure'])).exit).toBe(2);
  });
});
