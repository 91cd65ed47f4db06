import { mkdir, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { GetCommandInvocationCommand, ListCommandInvocationsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, test } from 'vitest';
import { readAnswer } from '../../src/aws/ssm/answer.ts';
import type { ConnectOptions, SecretUse } from '../../src/model/transport.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { quote } from '../../src/program/sh.ts';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { reachSsm, type SsmReach } from './ssm-rig.ts';
import { type Talked, talk } from './talk.ts';

let aws: FakeAws;
afterEach(() => aws?.close());

/** Everything that quoting and shells trip over. */
const password = `it's "$HOME" \`id\` \\n %s ü\n  * {{ssm:x}}`;

/** Finds the values as they are, between single quotes and in base64. */
function knows(...uses: SecretUse[]): Pick<ConnectOptions, 'secretsIn'> {
  const forms = (value: string): string[] => [
    value,
    value.replaceAll("'", `'\\''`),
    btoa(unescape(encodeURIComponent(value))),
  ];
  return {
    secretsIn: (bytes) => {
      const text = Buffer.from(bytes);
      return uses.filter(({ value }) => forms(value).some((form) => text.includes(form)));
    },
  };
}

const stored = (value: string, name = '/db/password'): SecretUse => ({ value, source: { service: 'ssm', name } });

async function start(): Promise<SsmReach> {
  aws = await startAws({ instances: 1, buckets: ['files'] });
  return reachSsm(aws);
}

/** Puts a program on the instance that answers as the AWS command line tool does, with what each name holds. */
async function withTool(reach: SsmReach, values: Record<string, string>): Promise<void> {
  const root = await aws.root(reach.id());
  const cases = Object.entries(values).map(([name, value]) => `*" ${name} "*) printf '%s\\n' ${quote(value)} ;;`);
  const fallback =
    '*) echo "An error occurred (ParameterNotFound) when calling the GetParameter operation" >&2; exit 254 ;;';
  await mkdir(`${root}/usr/local/bin`, { recursive: true });
  const text = `#!/bin/sh\ncase "$*" in\n${[...cases, fallback].join('\n')}\nesac\n`;
  await writeFile(`${root}/usr/local/bin/aws`, text, { mode: 0o755 });
}

/** Everything that AWS has heard and keeps. */
const history = (): string => JSON.stringify(aws.calls.filter(({ service }) => service === 'ssm'));

/** What the scripts carry, as it is on the instance. */
function unpacked(): string {
  const scripts = aws.calls.flatMap(({ action, params }) => (action === 'SendCommand' ? [JSON.stringify(params)] : []));
  const carried = scripts.flatMap((script) => [...script.matchAll(/<<'play-end'[^\\]*\\n(.*?)\\nplay-end/g)]);
  return carried
    .map(([, text = '']) => gunzipSync(Buffer.from(text.replaceAll('\\n', ''), 'base64')).toString())
    .join('');
}

function words({ end }: Talked): { code: string; message: string; hint: string } {
  if (end.kind !== 'refused' || !(end.error instanceof ProblemError)) throw new Error(`it is ${JSON.stringify(end)}`);
  const [problem] = end.error.problems;
  const { message, hint = '' } = sentence(problem!);
  return { code: problem!.code, message, hint };
}

/** What AWS keeps of all that has been run on the only instance. */
async function answers(): Promise<{ sealed?: Buffer }[]> {
  const { CommandInvocations = [] } = await new SSMClient({}).send(
    new ListCommandInvocationsCommand({ Details: true }),
  );
  return CommandInvocations.map(({ CommandPlugins: [plugin] = [] }) => {
    const said = plugin?.Output ?? '';
    return readAnswer(/play-ssm ([0-9a-f]{32}) ran/.exec(said)?.[1] ?? '', said) as { sealed?: Buffer };
  });
}

describe('a secret that the instance can read by itself', () => {
  test('is put in there, byte by byte, as it is and between quotes; AWS never sees it', async () => {
    const reach = await start();
    await withTool(reach, { '/db/password': password, token: 'plain-token' });
    const ids: string[] = [];
    const connection = await reach.connect(
      {},
      {
        ...knows(stored(password), {
          value: 'plain-token',
          source: { service: 'secretsmanager', name: 'token', region: 'us-east-1' },
        }),
        outstanding: ({ id, state }) => void (state === 'sent' && ids.push(id)),
      },
    );
    const input = `#\n${password}\n--\nx=${quote(password)}; echo "$x"\n\0plain-token\xff`;
    const { stdout, stderr, end } = await talk(connection, 'tee /dev/stderr', Buffer.from(input, 'utf8'));
    expect(stdout.toString()).toBe(input);
    expect(stderr.toString()).toBe(input);
    expect(end).toEqual({ kind: 'exit', code: 0 });

    expect(unpacked()).toContain("--\nx='");
    for (const part of ['plain-token', '%s ü']) expect(history() + unpacked()).not.toContain(part);
    // What it printed holds the secret, so the answer that AWS keeps is sealed.
    const kept = await new SSMClient({}).send(
      new GetCommandInvocationCommand({ CommandId: ids[0], InstanceId: reach.id() }),
    );
    const id = /play-ssm ([0-9a-f]{32}) ran/.exec(kept.StandardOutputContent ?? '')?.[1] ?? '';
    const answer = readAnswer(id, kept.StandardOutputContent ?? '');
    expect(answer).toMatchObject({ kind: 'ran', sealed: expect.any(Buffer) });
    expect((answer as { bytes: Buffer }).bytes.subarray(0, 8).toString()).toBe('Salted__');
    expect(await reach.look('/tmp')).toBe('');
  });

  test('may stand in a file, too: in a run with secrets, output of programs without any is sealed where that can be', async () => {
    const reach = await start();
    const root = await aws.root(reach.id());
    await mkdir(`${root}/srv`, { recursive: true });
    await writeFile(`${root}/srv/app.conf`, 'password=hush-hush\n');
    const connection = await reach.connect({}, { ...knows(stored('hush-hush')), hasSecrets: () => true });
    expect((await talk(connection, 'cat /srv/app.conf')).stdout.toString()).toBe('password=hush-hush\n');
    expect((await answers()).map(({ sealed }) => sealed !== undefined)).toEqual([true]);
    await writeFile(`${root}/usr/local/bin/openssl`, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect((await talk(connection, 'cat /srv/app.conf')).stdout.toString()).toBe('password=hush-hush\n');
    expect((await answers()).map(({ sealed }) => sealed !== undefined).sort()).toEqual([false, true]);
  });

  test('comes back sealed in parts, too', async () => {
    const reach = await start();
    await withTool(reach, { '/db/password': 'hush-hush' });
    const connection = await reach.connect({}, knows(stored('hush-hush')));
    const { stdout } = await talk(connection, 'cat; head -c 40000 /dev/urandom', 'hush-hush');
    expect(stdout.length).toBe(40_009);
    expect(stdout.subarray(0, 9).toString()).toBe('hush-hush');
  });

  test('but the instance has no AWS command line tool: nothing ran', async () => {
    const reach = await start();
    const said = words(await talk(await reach.connect({}, knows(stored('hush-hush'))), 'cat', 'hush-hush'));
    expect(said).toMatchObject({
      code: 'E_SSM_TARGET',
      message: 'web1: there is no aws on the instance, and this needs it',
    });
    expect(said.hint).toContain('ansible_aws_ssm_bucket_name');
  });

  test('but its role may not, or the name is wrong: nothing ran, and what AWS said', async () => {
    const reach = await start();
    await withTool(reach, {});
    const said = words(await talk(await reach.connect({}, knows(stored('hush-hush'))), 'cat', 'hush-hush'));
    expect(said.code).toBe('E_SSM_SECRET');
    expect(said.message).toContain('the instance cannot read /db/password: An error occurred (ParameterNotFound)');
    expect(said.hint).toContain('ssm:GetParameter');
  });

  test('but it was changed since the run began: nothing ran', async () => {
    const reach = await start();
    await withTool(reach, { '/db/password': 'a new and longer one' });
    const said = words(await talk(await reach.connect({}, knows(stored('hush-hush'))), 'cat', 'hush-hush'));
    expect(said.message).toBe('web1: /db/password is another on the instance than it was here when the run began');
  });

  test('but it has no openssl to seal what it prints: nothing ran', async () => {
    const reach = await start();
    await withTool(reach, { '/db/password': 'hush-hush' });
    const root = await aws.root(reach.id());
    await writeFile(`${root}/usr/local/bin/openssl`, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const said = words(await talk(await reach.connect({}, knows(stored('hush-hush'))), 'touch /tmp/ran', 'hush-hush'));
    expect(said).toMatchObject({ code: 'E_SSM_TARGET', message: expect.stringContaining('no openssl') });
    expect(await reach.look('/tmp/ran')).toBe('');
  });
});

describe('a secret that it cannot', () => {
  test('is not sent: two ways out are named', async () => {
    const reach = await start();
    const said = words(await talk(await reach.connect({}, knows({ value: 'hush-hush' })), 'cat', 'x hush-hush x'));
    expect(said.code).toBe('E_SSM_SECRET');
    expect(said.message).toContain('holds a secret that the instance cannot read by itself');
    expect(said.hint).toMatch(/ansible_aws_ssm_bucket_name.*ssm\("\/name"\) or secret\("name"\)/);
    expect(aws.calls).toEqual([]);
  });

  test('in another form is not sent either, nor one in the command itself', async () => {
    const reach = await start();
    const connection = await reach.connect({}, knows(stored('hush-hush')));
    expect(words(await talk(connection, 'base64 -d', btoa('hush-hush'))).message).toContain('in an encoded form');
    expect(words(await talk(connection, 'echo hush-hush')).code).toBe('E_SSM_SECRET');
    expect(aws.calls).toEqual([]);
  });

  test('goes encrypted through the bucket, for five minutes; what is printed comes back that way', async () => {
    const reach = await start();
    const connection = await reach.connect({ bucket: 'files' }, knows({ value: password }));
    const { stdout, end } = await talk(connection, `cat; echo; printf '%s\\n' ${quote(password)}`, password);
    expect(stdout.toString()).toBe(`${password}\n${password}\n`);
    expect(end).toEqual({ kind: 'exit', code: 0 });
    const put = aws.calls.find(({ action }) => action === 'PutObject');
    expect(put).toBeDefined();
    expect(history()).toContain('X-Amz-Expires=300');
    expect(history()).not.toContain('%s ü');
    expect(aws.buckets.get('files')?.size).toBe(0);
  });
});
