import { existsSync, readFileSync } from 'node:fs';
import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from './aws.ts';
import { clientOptions, until } from './clients.ts';
import type { AwsOptions } from './types.ts';

let aws: FakeAws;
let client: SSMClient;

async function start(options: AwsOptions): Promise<string[]> {
  aws = await startAws({ secondMs: 10, ...options });
  client = new SSMClient(clientOptions(aws));
  return [...aws.instances.keys()];
}

afterEach(() => aws.close());

async function send(commands: string[], options: Partial<SendCommandCommandInput>): Promise<string> {
  const { Command } = await client.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      ...options,
      Parameters: { commands, ...options.Parameters },
    }),
  );
  return Command!.CommandId!;
}

function ended(CommandId: string, InstanceId: string): Promise<GetCommandInvocationCommandOutput> {
  return until(async () => {
    const seen = await client.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
    return ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(seen.Status!) ? undefined : seen;
  });
}

describe('a command', () => {
  it('runs on each instance for itself, and says how it went', async () => {
    const [first = '', second = ''] = await start({ instances: 2 });
    const id = await send(
      ['echo "$AWS_SSM_INSTANCE_ID" | tee /tmp/me /etc/play-fleet', 'pwd', 'echo "home: ${HOME-none}"'],
      {
        InstanceIds: [first, second],
      },
    );
    const [one, two] = await Promise.all([ended(id, first), ended(id, second)]);
    expect(one).toMatchObject({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
    expect(one.StandardOutputContent).toBe(`${first}\n/usr/bin\nhome: none\n`);
    expect(two.StandardOutputContent).toContain(second);
    expect(readFileSync(`${await aws.root(second)}/etc/play-fleet`, 'utf8')).toBe(`${second}\n`);
    expect([existsSync('/etc/play-fleet'), existsSync('/tmp/me')]).toEqual([false, false]);
  });
});
