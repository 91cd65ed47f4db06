import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DescribeInstanceInformationCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startAws } from './aws.ts';

afterEach(() => vi.unstubAllEnvs());

describe('somebody who wants to look', () => {
  it('starts it alone, and the environment that it prints leads an SDK there', async () => {
    const program = fileURLToPath(new URL('run.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, '--instances', '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    for (const [, name = '', value = ''] of said.toString().matchAll(/^export (\w+)='(.*)'$/gm))
      vi.stubEnv(name, value);
    const { InstanceInformationList = [] } = await new SSMClient({}).send(new DescribeInstanceInformationCommand({}));
    expect(InstanceInformationList.map(({ InstanceId }) => InstanceId)).toHaveLength(2);
    for (const { InstanceId } of InstanceInformationList) expect(said.toString()).toContain(`# ${InstanceId} node-`);
    child.kill();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('an SDK without keys', () => {
  it('gets those of the instance from the metadata service', async () => {
    await using aws = await startAws({});
    for (const [name, value] of Object.entries(aws.instanceEnv)) vi.stubEnv(name, value);
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/play-instance/i-0');
  });
});

describe('Parameter Store', () => {
  it('gives what is below a path in pages, and a secret as its value only when it is asked to', async () => {
    const secret = { value: 'hush', type: 'SecureString' } as const;
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`/app/db/p${index}`, String(index)]));
    await using aws = await startAws({ parameters: { ...many, '/app/key': secret, '/other': 'x' } });
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const client = new SSMClient({});
    const top = await client.send(new GetParametersByPathCommand({ Path: '/app', WithDecryption: true }));
    expect(top.Parameters).toMatchObject([{ Name: '/app/key', Value: 'hush', Type: 'SecureString' }]);
    const sealed = await client.send(new GetParametersByPathCommand({ Path: '/app' }));
    expect(sealed.Parameters?.[0]?.Value).toMatch(/^AQICA/);
    const first = await client.send(new GetParametersByPathCommand({ Path: '/app', Recursive: true }));
    const rest = await client.send(
      new GetParametersByPathCommand({ Path: '/app', Recursive: true, NextToken: first.NextToken }),
    );
    expect([first.Parameters?.length, rest.Parameters?.length, rest.NextToken]).toEqual([10, 2, undefined]);
  });
});
