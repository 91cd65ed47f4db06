import { existsSync, readFileSync } from 'node:fs';
import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from './aws.ts';
import { until } from './clients.ts';
import { type RunCommand, runCommand } from './run-command.ts';
import type { AwsOptions } from './types.ts';

let aws: FakeAws;
let ssm: RunCommand;

/** A second of AWS is 10 ms. */
async function start(options: AwsOptions): Promise<string[]> {
  aws = await startAws({ secondMs: 10, ...options });
  ssm = runCommand(aws);
  return [...aws.instances.keys()];
}

afterEach(() => aws.close());

describe('a command', () => {
  it('runs on each instance for itself, and says how it went', async () => {
    const [first = '', second = ''] = await start({ instances: 2 });
    const lines = ['echo "$AWS_SSM_INSTANCE_ID" | tee /tmp/me /etc/play-fleet', 'pwd', 'echo "home: ${HOME-none}"'];
    const id = await ssm.send(lines, { InstanceIds: [first, second] });
    const [one, two] = await Promise.all([ssm.ended(id, first), ssm.ended(id, second)]);
    expect(one).toMatchObject({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
    expect(one.StandardOutputContent).toBe(`${first}\n/usr/bin\nhome: none\n`);
    expect(two.StandardOutputContent).toContain(second);
    expect(readFileSync(`${await aws.root(second)}/etc/play-fleet`, 'utf8')).toBe(`${second}\n`);
    expect([existsSync('/etc/play-fleet'), existsSync('/tmp/me')]).toEqual([false, false]);
  });

  it('that fails has its code, and the words of the agent after those of its own', async () => {
    const [node = ''] = await start({ instances: 1 });
    const id = await ssm.send(['cat', 'echo oh >&2; exit 3'], { InstanceIds: [node] });
    expect(await ssm.ended(id, node)).toMatchObject({
      Status: 'Failed',
      ResponseCode: 3,
      StandardErrorContent: 'oh\nfailed to run commands: exit status 3',
    });
  });

  it('has a working directory, another shell by its first line, and values of Parameter Store', async () => {
    const [node = ''] = await start({ instances: 1, parameters: { '/web/port': '8080' } });
    await ssm.client.send(new PutParameterCommand({ Name: 'greeting', Value: 'hello', Type: 'String' }));
    const lines = ['#!/bin/bash', 'echo "{{ssm:greeting}} {{ ssm:/web/port }} $PWD ${BASH_VERSION:+bash}"'];
    const id = await ssm.send(lines, { InstanceIds: [node], Parameters: { workingDirectory: ['/srv'] } });
    expect((await ssm.ended(id, node)).StandardOutputContent).toBe('hello 8080 /srv bash\n');
    const missing = ssm.send(['echo {{ssm:nowhere}}'], { InstanceIds: [node] });
    await expect(missing).rejects.toMatchObject({ name: 'InvalidParameters' });
  });

  it('gives of a long output 24,000 and 8,000 characters, and 2,500 of both in a list', async () => {
    const [node = ''] = await start({ instances: 1 });
    const id = await ssm.send(['yes out | head -c 30000; yes err | head -c 9000 >&2'], { InstanceIds: [node] });
    const { StandardOutputContent = '', StandardErrorContent = '' } = await ssm.ended(id, node);
    expect([StandardOutputContent.length, StandardErrorContent.length]).toEqual([24_000, 8_000]);
    expect(StandardOutputContent.endsWith('--output truncated--')).toBe(true);
    const listed = await ssm.client.send(new ListCommandInvocationsCommand({ CommandId: id, Details: true }));
    const { Output = '' } = listed.CommandInvocations?.[0]?.CommandPlugins?.[0] ?? {};
    expect(Output.length).toBeLessThanOrEqual(2_500);
    expect(Output).toContain('\n---Output truncated---\n----------ERROR-------\nerr\n');
    expect(Output.endsWith('\n---Error truncated----')).toBe(true);
  });

  it('is refused for more than fifty ids, for one that is unknown, and for parameters that are too large', async () => {
    const ids = await start({ instances: 51 });
    const problem = 'Member must have length less than or equal to 50';
    await expect(ssm.send(['true'], { InstanceIds: ids })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(problem),
    });
    const unknown = ssm.send(['true'], { InstanceIds: ['i-0123456789abcdef0'] });
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    const large = ssm.send(['x'.repeat(65 * 1024)], { InstanceIds: ids.slice(0, 1) });
    await expect(large).rejects.toMatchObject({ name: 'MaxDocumentSizeExceeded' });
  });

  it('has pipes that can be opened by name', async () => {
    const [node = ''] = await start({ instances: 1 });
    const id = await ssm.send(['echo one > /dev/stdout; echo two > /dev/stderr; echo three'], { InstanceIds: [node] });
    const seen = await ssm.ended(id, node);
    expect([seen.StandardOutputContent, seen.StandardErrorContent]).toEqual(['one\nthree\n', 'two\n']);
  });

  it('waits for whoever holds its output, and is run again after a reboot that it asks for', async () => {
    const [node = ''] = await start({ instances: 1 });
    const held = await ssm.send(['(sleep 0.3; echo late) & echo now'], { InstanceIds: [node] });
    expect((await ssm.ended(held, node)).StandardOutputContent).toBe('now\nlate\n');
    const lines = ['if [ -e /srv/once ]; then echo again; else touch /srv/once; echo first; exit 194; fi'];
    const again = await ssm.send(lines, { InstanceIds: [node] });
    expect(await ssm.ended(again, node)).toMatchObject({ Status: 'Success', StandardOutputContent: 'again\n' });
  });

  it('that is cancelled is killed with all it has started', async () => {
    const [node = ''] = await start({ instances: 1 });
    const id = await ssm.send(['echo begun', 'sh -c "echo \\$\\$ > /tmp/child; exec sleep 600" & wait'], {
      InstanceIds: [node],
    });
    const root = await aws.root(node);
    const child = await until(
      async () =>
        (existsSync(`${root}/tmp/child`) ? readFileSync(`${root}/tmp/child`, 'utf8').trim() : '') || undefined,
    );
    await ssm.client.send(new CancelCommandCommand({ CommandId: id }));
    expect(await ssm.ended(id, node)).toMatchObject({ Status: 'Cancelled', StandardOutputContent: 'begun\n' });
    await until(async () => (existsSync(`/proc/${child}`) ? undefined : true));
    const { Commands } = await ssm.client.send(new ListCommandsCommand({ CommandId: id }));
    expect(Commands?.[0]).toMatchObject({ Status: 'Cancelled', CompletedCount: 1 });
  });

  it('that takes longer than its executionTimeout is killed, and that is another timeout than that of the delivery', async () => {
    const [node = '', other = ''] = await start({ instances: 2 });
    aws.faults.delivery = { [other]: { lost: true } };
    const id = await ssm.send(['echo begun; sleep 600'], {
      InstanceIds: [node, other],
      TimeoutSeconds: 200,
      Parameters: { executionTimeout: ['100'] },
    });
    expect((await ssm.look(id, other)).Status).toBe('Pending');
    expect(await ssm.ended(id, node)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'ExecutionTimedOut',
      StandardOutputContent: 'begun\n',
    });
    expect(await ssm.ended(id, other)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'DeliveryTimedOut',
      ResponseCode: -1,
    });
  });
});

describe('a fleet', () => {
  it('is addressed by tags, some at a time, and left alone after the errors that are allowed', async () => {
    const nodes = Array.from({ length: 8 }, (_, index) => ({ tags: { Role: index < 6 ? 'web' : 'db' } }));
    await start({ instances: nodes });
    const id = await ssm.send(['exit 1'], {
      Targets: [{ Key: 'tag:Role', Values: ['web'] }],
      MaxConcurrency: '1',
      MaxErrors: '2',
    });
    const command = await until(async () => {
      const { Commands } = await ssm.client.send(new ListCommandsCommand({ CommandId: id }));
      return Commands?.[0]?.CompletedCount === 6 ? Commands[0] : undefined;
    });
    expect(command).toMatchObject({ Status: 'Failed', TargetCount: 6, ErrorCount: 3 });
    const { CommandInvocations = [] } = await ssm.client.send(new ListCommandInvocationsCommand({ CommandId: id }));
    const details = CommandInvocations.map(({ StatusDetails }) => StatusDetails);
    expect(details).toEqual(['Failed', 'Failed', 'Failed', 'Terminated', 'Terminated', 'Terminated']);
  });

  it('has nodes that cannot be reached, nodes that are off, nodes of another system, and a tag nobody has', async () => {
    const specs = [{ ping: 'ConnectionLost' }, { state: 'stopped' }, { platform: 'Windows' }, {}] as const;
    const [lost = '', off = '', windows = '', fine = ''] = await start({
      instances: [...specs].map((spec) => ({ ...spec, tags: { Of: 'us' } })),
    });
    const id = await ssm.send(['true'], {
      Targets: [{ Key: 'tag:Of', Values: ['us'] }],
      TimeoutSeconds: 300,
      MaxErrors: '5',
    });
    await until(async () => ((await ssm.look(id, off)).Status === 'Delayed' ? true : undefined));
    const seen = await Promise.all([lost, off, windows, fine].map((node) => ssm.ended(id, node)));
    expect(seen.map(({ Status, StatusDetails }) => `${Status}: ${StatusDetails}`)).toEqual([
      'Failed: Undeliverable',
      'TimedOut: DeliveryTimedOut',
      'Failed: InvalidPlatform',
      'Success: Success',
    ]);
    const none = await ssm.send(['true'], { Targets: [{ Key: 'tag:Of', Values: ['them'] }] });
    const { Commands } = await ssm.client.send(new ListCommandsCommand({ CommandId: none }));
    expect(Commands?.[0]).toMatchObject({ StatusDetails: 'NoInstancesInTag', TargetCount: 0 });
  });

  it('is listed in pages, hybrid nodes with it, unmanaged ones not', async () => {
    const hybrid = { id: 'mi-0123456789abcdef0', name: 'shop' };
    await start({ instances: [...Array.from({ length: 12 }, () => ({})), hybrid, { managed: false }] });
    const first = await ssm.client.send(new DescribeInstanceInformationCommand({}));
    expect(first.InstanceInformationList).toHaveLength(10);
    const rest = await ssm.client.send(new DescribeInstanceInformationCommand({ NextToken: first.NextToken }));
    expect(rest.InstanceInformationList?.map(({ Name }) => Name)).toEqual([undefined, undefined, 'shop']);
    expect(rest.NextToken).toBeUndefined();
    const Filters = [{ Key: 'ResourceType', Values: ['ManagedInstance'] }];
    const { InstanceInformationList } = await ssm.client.send(new DescribeInstanceInformationCommand({ Filters }));
    expect(InstanceInformationList).toMatchObject([
      { InstanceId: hybrid.id, PingStatus: 'Online', ResourceType: 'ManagedInstance' },
    ]);
  });
});
