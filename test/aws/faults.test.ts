import {
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from './aws.ts';
import { clientOptions, until } from './clients.ts';
import { type RunCommand, runCommand } from './run-command.ts';
import type { AwsOptions } from './types.ts';

let aws: FakeAws;
let ssm: RunCommand;

async function start(options: AwsOptions): Promise<string[]> {
  aws = await startAws({ secondMs: 10, ...options });
  ssm = runCommand(aws);
  return [...aws.instances.keys()];
}

afterEach(() => aws.close());

describe('a fault', () => {
  it('consistency: an invocation does not exist at first', async () => {
    const [node = ''] = await start({ instances: 1, faults: { consistency: { calls: 2 } } });
    const id = await ssm.send(['true'], { InstanceIds: [node] });
    await expect(ssm.look(id, node)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    const listed = await ssm.client.send(new ListCommandInvocationsCommand({ CommandId: id }));
    expect(listed.CommandInvocations).toEqual([]);
    expect((await ssm.ended(id, node)).Status).toBe('Success');
  });

  it('throttling: the first calls, and what is above a rate', async () => {
    const [node = ''] = await start({ instances: 1, faults: { throttle: [{ action: 'ssm:SendCommand', first: 1 }] } });
    await expect(ssm.send(['true'], { InstanceIds: [node] })).rejects.toMatchObject({ name: 'ThrottlingException' });
    const id = await ssm.send(['true'], { InstanceIds: [node] });
    await ssm.ended(id, node);
    aws.faults.throttle = [{ action: 'ssm:GetCommandInvocation', perSecond: 0.001, burst: 3 }];
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => ssm.look(id, node)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('broken: a connection that is reset, a service that is down', async () => {
    const [node = ''] = await start({
      instances: 1,
      faults: { broken: [{ action: 'ssm:*', first: 1, with: 'reset' }] },
    });
    await expect(ssm.look('x', node)).rejects.toMatchObject({ code: 'ECONNRESET' });
    aws.faults.broken = [{ action: 'ssm:*', first: 1, with: 503 }];
    await expect(ssm.look('x', node)).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await expect(ssm.look('x', node)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
  });

  it('expired credentials and operations that are not allowed say so', async () => {
    const [node = ''] = await start({ instances: 1, faults: { expiredFrom: 2, deny: ['ssm:ListCommands'] } });
    const denied = ssm.client.send(new ListCommandsCommand({}));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('ssm:ListCommands'),
    });
    await expect(ssm.look('x', node)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    expect(aws.calls.map(({ error }) => error)).toEqual(['AccessDeniedException', 'ExpiredTokenException']);
  });

  it('a secret key that is not the right one is told from a key that does not exist', async () => {
    const [node = ''] = await start({ instances: 1 });
    const { accessKeyId, secretAccessKey } = clientOptions(aws).credentials;
    const asked = (credentials: { accessKeyId: string; secretAccessKey: string }): Promise<unknown> =>
      new SSMClient({ ...clientOptions(aws), credentials }).send(
        new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [node] }),
      );
    const wrong = asked({ accessKeyId, secretAccessKey: 'mistyped' });
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    const unknown = asked({ accessKeyId: 'AKIANOBODY', secretAccessKey });
    await expect(unknown).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    expect(aws.openCommands()).toEqual([]);
  });

  it('an instance that dies in the middle says nothing more, until the command expires', async () => {
    const [node = ''] = await start({ instances: 1 });
    aws.faults.dies = { [node]: { after: 50 } };
    const Parameters = { executionTimeout: ['300'] };
    const id = await ssm.send(['sleep 600'], { InstanceIds: [node], TimeoutSeconds: 30, Parameters });
    await until(async () => (aws.instances.get(node)?.state === 'terminated' ? true : undefined));
    expect((await ssm.look(id, node)).Status).toBe('InProgress');
    expect(aws.openCommands()).toEqual([id]);
    expect((await ssm.ended(id, node)).StatusDetails).toBe('DeliveryTimedOut');
  });

  it('delivery: late, to a node one has no access to, and none where too much is pending already', async () => {
    const [late = '', closed = ''] = await start({ instances: 2 });
    aws.faults.delivery = { [late]: { delay: 1_500 }, [closed]: { denied: true } };
    const id = await ssm.send(['true'], { InstanceIds: [late, closed], MaxErrors: '1' });
    expect((await ssm.look(id, late)).Status).toBe('Pending');
    expect((await ssm.ended(id, late)).Status).toBe('Success');
    expect(await ssm.ended(id, closed)).toMatchObject({ Status: 'Failed', StatusDetails: 'AccessDenied' });
    aws.faults.mostPending = 1;
    const CommandId = await ssm.send(['true'], { InstanceIds: [late, closed] });
    const { Commands } = await ssm.client.send(new ListCommandsCommand({ CommandId }));
    expect(Commands?.[0]).toMatchObject({ Status: 'Cancelled', StatusDetails: 'RateExceeded' });
  });

  it('shuffled: pages come in no order, the first may be empty, and nobody is missing', async () => {
    const ids = await start({ instances: 23, faults: { shuffled: true } });
    const seen: string[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const answer = await ssm.client.send(new DescribeInstanceInformationCommand({ NextToken }));
      seen.push(...(answer.InstanceInformationList ?? []).map(({ InstanceId }) => InstanceId ?? ''));
      NextToken = answer.NextToken;
      pages++;
    } while (NextToken);
    expect(pages).toBe(4);
    expect(seen).not.toEqual(ids);
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  it('canned answers: ten thousand instances without a process, the same API', async () => {
    const output = (script: string, id: string): string => `${script} on ${id}`;
    const ids = await start({ canned: { instances: 10_000, output, delay: 5 } });
    const id = await ssm.send(['true'], { Targets: [{ Key: 'tag-key', Values: ['Name'] }], MaxConcurrency: '1000' });
    const command = await until(async () => {
      const { Commands } = await ssm.client.send(new ListCommandsCommand({ CommandId: id }));
      return Commands?.[0]?.CompletedCount === 10_000 ? Commands[0] : undefined;
    });
    expect(command.Status).toBe('Success');
    expect((await ssm.look(id, ids[9_999]!)).StandardOutputContent).toBe(`true on ${ids[9_999]}`);
  });
});
