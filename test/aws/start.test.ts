import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeInstanceInformationCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startAws } from './aws.ts';
import { runCommand } from './run-command.ts';
import { ssoToken } from './small/sts.ts';

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
  const whoAmI = async (): Promise<string | undefined> => {
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    return Arn;
  };

  it('gets those of the instance from the metadata service', async () => {
    await using aws = await startAws({});
    for (const [name, value] of Object.entries(aws.instanceEnv)) vi.stubEnv(name, value);
    expect(await whoAmI()).toBe('arn:aws:sts::123456789012:assumed-role/play-instance/i-0');
  });

  it('gets those of a role for the token of a pod, or for a login of SSO', async () => {
    await using aws = await startAws({});
    const home = mkdtempSync(join(tmpdir(), 'play-aws-home-'));
    for (const [name, value] of Object.entries(aws.instanceEnv)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', home);
    writeFileSync(join(home, 'token'), 'signed');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(home, 'token'));
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/pod');
    vi.stubEnv('AWS_ROLE_SESSION_NAME', 'one');
    expect(await whoAmI()).toBe('arn:aws:sts::123456789012:assumed-role/pod/one');

    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', undefined);
    const start = 'https://team.awsapps.com/start';
    const profile = `[default]\nsso_start_url = ${start}\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = Deploy\n`;
    writeFileSync(join(home, 'config'), profile);
    vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
    const cache = join(home, '.aws/sso/cache');
    mkdirSync(cache, { recursive: true });
    const session = { startUrl: start, accessToken: ssoToken, expiresAt: new Date(Date.now() + 60_000) };
    writeFileSync(join(cache, `${createHash('sha1').update(start).digest('hex')}.json`), JSON.stringify(session));
    expect(await whoAmI()).toContain('assumed-role/AWSReservedSSO_Deploy_');
    rmSync(home, { recursive: true });
  });

  it('is not needed on an instance, where curl signs with what the metadata service has', async () => {
    const parameters = { '/db/password': { value: 'hush', type: 'SecureString' as const } };
    await using aws = await startAws({ instances: 1, parameters, environment: (instanceEnv) => instanceEnv });
    const [node = ''] = aws.instances.keys();
    const ssm = runCommand(aws);
    const lines = [
      'imds=$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest',
      'token=$(curl -fsS -X PUT "$imds/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60")',
      'keys=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/iam/security-credentials/play-instance")',
      `field() { printf %s "$keys" | sed 's/.*"'$1'":"\\([^"]*\\)".*/\\1/'; }`,
      'curl -fsS --aws-sigv4 "aws:amz:$AWS_REGION:ssm" -u "$(field AccessKeyId):$(field SecretAccessKey)" \\',
      ' -H "x-amz-security-token: $(field Token)" -H "X-Amz-Target: AmazonSSM.GetParameter" \\',
      ` -H "Content-Type: application/x-amz-json-1.1" -d '{"Name":"/db/password","WithDecryption":true}' "$AWS_ENDPOINT_URL"`,
    ];
    const seen = await ssm.ended(await ssm.send(lines, { InstanceIds: [node] }), node);
    expect(JSON.parse(seen.StandardOutputContent ?? '')).toMatchObject({ Parameter: { Value: 'hush' } });
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
