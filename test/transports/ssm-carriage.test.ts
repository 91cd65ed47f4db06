import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outstanding } from '../../src/model/transport.ts';
import { type FakeAws, startAws } from '../aws/aws.ts';
import type { AwsOptions } from '../aws/types.ts';
import { quick, reachSsm, type SsmReach } from './ssm-rig.ts';
import { talk, until } from './talk.ts';

let aws: FakeAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

async function start(
  options: AwsOptions = {},
  timing = {},
): Promise<SsmReach & { aws: FakeAws; tmp(n?: number): Promise<string[]>; scripts(): string[] }> {
  const fake = await startAws({ instances: 1, ...options });
  aws = fake;
  const reach = reachSsm(fake, { ...quick, ...timing });
  return {
    ...reach,
    aws: fake,
    tmp: async (n = 0) => readdir(`${await fake.root(reach.id(n))}/tmp`),
    scripts: () =>
      fake.calls.flatMap(({ action, params }) =>
        action === 'SendCommand'
          ? [(params as { Parameters: { commands: string[] } }).Parameters.commands.join('\n')]
          : [],
      ),
  };
}

const text = (bytes: Buffer): string => bytes.toString();

describe('what goes to an instance', () => {
  test('is not touched by AWS: what looks like one of its parameters stays as it is', async () => {
    const { connect, scripts, tmp } = await start({ parameters: { greeting: 'resolved' } });
    const { stdout } = await talk(await connect(), "cat; echo '{{ssm:greeting}}'", '{{ssm:greeting}} {{ nothing }}\n');
    expect(text(stdout)).toBe('{{ssm:greeting}} {{ nothing }}\n{{ssm:greeting}}\n');
    expect(scripts().join('\n')).not.toContain('{{');
    expect(await tmp()).toEqual([]);
  });

  test('goes in pieces when it is too long for one command and there is no bucket', async () => {
    const { connect, aws, tmp } = await start();
    const bytes = randomBytes(150_000);
    const { stdout, end } = await talk(await connect(), 'sha256sum; wc -c </dev/null', bytes);
    expect(end).toEqual({ kind: 'exit', code: 0 });
    const { createHash } = await import('node:crypto');
    expect(text(stdout).split(' ')[0]).toBe(createHash('sha256').update(bytes).digest('hex'));
    // Five pieces and the command.
    expect(aws.count('ssm:SendCommand')).toBe(6);
    expect(await tmp()).toEqual([]);
  });

  test('is refused beyond a mebibyte, with the setting that helps', async () => {
    const { connect, aws } = await start();
    const { end } = await talk(await connect(), 'cat', randomBytes(1_100_000));
    expect(end).toMatchObject({
      kind: 'refused',
      error: { problems: [{ code: 'E_SSM_TOO_LONG', facts: { host: 'web1', most: 1_048_576 } }] },
    });
    expect(aws.calls).toEqual([]);
  });

  test('goes through the bucket where there is one, and nothing of it stays there', async () => {
    const { connect, aws, tmp, scripts } = await start({ buckets: ['files'] });
    const bytes = randomBytes(300_000);
    const { stdout } = await talk(await connect({ bucket: 'files' }), 'cat', bytes);
    expect(stdout.equals(bytes)).toBe(true);
    // One command to run it, one to put what it wrote.
    expect(aws.count('ssm:SendCommand')).toBe(2);
    expect(scripts()[0]!.length).toBeLessThan(10_000);
    expect(aws.buckets.get('files')?.size).toBe(0);
    expect(await tmp()).toEqual([]);
  });

  test('a bucket that is not there: nothing ran', async () => {
    const { connect, aws } = await start();
    const { end } = await talk(await connect({ bucket: 'nowhere' }), 'cat', randomBytes(300_000));
    expect(end).toMatchObject({ kind: 'refused', error: { problems: [{ code: 'E_SSM_BUCKET' }] } });
    expect(aws.count('ssm:SendCommand')).toBe(0);
  });

  test('an object that the instance cannot get: nothing ran, nothing stays', async () => {
    const { connect, aws, tmp } = await start({ buckets: ['files'], faults: { deny: ['s3:GetObject'] } });
    const { end } = await talk(await connect({ bucket: 'files' }), 'touch /tmp/ran; cat', randomBytes(300_000));
    expect(end).toMatchObject({ kind: 'refused', error: { problems: [{ code: 'E_SSM_ARRIVAL' }] } });
    expect(aws.buckets.get('files')?.size).toBe(0);
    expect(await tmp()).toEqual([]);
  });

  test('what cannot be removed from the bucket is told', async () => {
    const { connect, notes } = await start({ buckets: ['files'], faults: { deny: ['s3:DeleteObject'] } });
    await talk(await connect({ bucket: 'files' }), 'wc -c', randomBytes(300_000));
    expect(notes).toEqual([
      expect.stringMatching(/^the object s3:\/\/files\/play\/[0-9a-f]{32} could not be removed: .*denies/),
    ]);
  });
});

describe('an instance with little on it', () => {
  /** Takes programs away. */
  async function without(names: string[], { aws, id }: { aws: FakeAws; id(): string }): Promise<void> {
    const root = await aws.root(id());
    for (const name of names) await rm(`${root}/usr/bin/${name}`);
  }

  test('without gzip: it says so, and gets everything as it is', async () => {
    const reach = await start();
    await without(['gzip'], reach);
    const connection = await reach.connect();
    const bytes = randomBytes(5_000);
    expect((await talk(connection, 'cat', bytes)).stdout.equals(bytes)).toBe(true);
    const sent = reach.aws.count('ssm:SendCommand');
    expect((await talk(connection, 'cat', bytes)).stdout.equals(bytes)).toBe(true);
    // Known by now.
    expect(reach.aws.count('ssm:SendCommand')).toBe(sent + 1);
    expect(await reach.tmp()).toEqual([]);
  });

  test('without base64: openssl does', async () => {
    const reach = await start();
    await without(['base64'], reach);
    const bytes = randomBytes(60_000);
    expect((await talk(await reach.connect(), 'cat', bytes)).stdout.equals(bytes)).toBe(true);
  });

  test('without both: nothing ran, and what to install', async () => {
    const reach = await start();
    await without(['base64', 'openssl'], reach);
    const { end } = await talk(await reach.connect(), 'touch /tmp/ran');
    expect(end).toMatchObject({
      kind: 'refused',
      error: { problems: [{ code: 'E_SSM_TARGET', facts: { tool: 'base64' } }] },
    });
    expect(await reach.tmp()).toEqual([]);
  });

  test('without curl: wget of GNU gets and puts', async () => {
    const reach = await start({ buckets: ['files'] });
    await without(['curl'], reach);
    const bytes = randomBytes(200_000);
    expect((await talk(await reach.connect({ bucket: 'files' }), 'cat', bytes)).stdout.equals(bytes)).toBe(true);
    expect(reach.aws.buckets.get('files')?.size).toBe(0);
  });
});

describe('what a command wrote', () => {
  test('comes in parts without a bucket, and is gone from the instance then', async () => {
    const { connect, aws, tmp } = await start();
    const bytes = randomBytes(100_000);
    const { stdout, stderr, end } = await talk(await connect(), 'tee /dev/stderr; exit 4', bytes);
    expect([stdout.equals(bytes), stderr.equals(bytes), end]).toEqual([true, true, { kind: 'exit', code: 4 }]);
    // Three pieces there, the command, twelve parts back.
    expect(aws.count('ssm:SendCommand')).toBe(16);
    expect(await tmp()).toEqual([]);
  });

  test('is read by parts when the instance cannot put it into the bucket', async () => {
    const { connect, aws, tmp } = await start({ buckets: ['files'], faults: { deny: ['s3:PutObject'] } });
    const { stdout, end } = await talk(await connect({ bucket: 'files' }), 'head -c 30000 /dev/urandom');
    expect([stdout.length, end]).toEqual([30_000, { kind: 'exit', code: 0 }]);
    expect(aws.buckets.get('files')?.size).toBe(0);
    expect(await tmp()).toEqual([]);
  });

  test('is more than commands bring back: the command has ended, and the setting that helps is named', async () => {
    const { connect, tmp } = await start();
    const connection = await connect();
    const { end } = await talk(connection, 'head -c 4300000 /dev/urandom');
    expect(end).toMatchObject({ kind: 'lost', reason: expect.stringContaining('set ansible_aws_ssm_bucket_name') });
    await connection.close();
    expect(await tmp()).toEqual([]);
  });
});

describe('commands of many hosts', () => {
  test('with the same text are one, of fifty at most', async () => {
    const { connect, aws, id } = await start({ instances: 52 }, { quiet: 40 });
    const connections = await Promise.all(Array.from({ length: 52 }, (_, n) => connect({ instance: id(n) })));
    const said: Outstanding[] = [];
    const all = await Promise.all(connections.map((each) => talk(each, 'echo same', 'x')));
    expect(new Set(all.map(({ stdout }) => text(stdout)))).toEqual(new Set(['same\n']));
    expect(aws.count('ssm:SendCommand')).toBe(2);
    expect(said).toEqual([]);
  });

  test('are told while they are out, and when their end was seen', async () => {
    const { connect, id } = await start({ instances: 2 });
    const told: Outstanding[] = [];
    const outstanding = (each: Outstanding) => told.push(each);
    const connections = await Promise.all([0, 1].map((n) => connect({ instance: id(n) }, { outstanding })));
    await Promise.all(connections.map((each) => talk(each, 'head -c 40000 /dev/urandom')));
    await until(
      'the end',
      () => told.filter(({ state }) => state === 'ended').flatMap(({ hosts }) => hosts).length === 2,
    );
    const [sent, ...ends] = told;
    expect(sent).toEqual({ id: expect.any(String), region: 'eu-central-1', hosts: ['web1', 'web2'], state: 'sent' });
    expect(new Set(ends.flatMap(({ hosts }) => hosts))).toEqual(new Set(['web1', 'web2']));
    expect(new Set(ends.map(({ id, state }) => `${id} ${state}`))).toEqual(new Set([`${sent?.id} ended`]));
  });

  test('go by a tag when all that carry it are in it; where it ran beside is told', async () => {
    const tags = { Role: 'web' };
    const { connect, aws, id, notes } = await start({ instances: [{ tags }, { tags }, { tags }] }, { quiet: 50 });
    const tagged = () => 2;
    const reach = (n: number) => connect({ instance: id(n), tagTarget: 'tag:Role=web' }, { tagged });
    const all = await Promise.all([await reach(0), await reach(1)].map((each) => talk(each, 'echo $((6*7))')));
    expect(all.map(({ stdout }) => text(stdout))).toEqual(['42\n', '42\n']);
    const [call] = aws.calls.filter(({ action }) => action === 'SendCommand');
    expect(call?.params).toMatchObject({
      Targets: [{ Key: 'tag:Role', Values: ['web'] }],
      MaxConcurrency: '100%',
      MaxErrors: '100%',
    });
    await until('the note', () => notes.length > 0);
    expect(notes).toEqual([
      `tag:Role=web is carried by instances that this run does not know, and the command ran there too: ${id(2)}`,
    ]);
  });

  test('go by one tag each where hosts carry different ones, and run once everywhere', async () => {
    const tags = ['web', 'db', 'web', 'db'].map((Role) => ({ tags: { Role } }));
    const { connect, id, look, notes } = await start({ instances: tags }, { quiet: 50 });
    const connections = await Promise.all(
      tags.map(({ tags: { Role } }, n) =>
        connect({ instance: id(n), tagTarget: `tag:Role=${Role}` }, { tagged: () => 2 }),
      ),
    );
    const all = await Promise.all(connections.map((each) => talk(each, 'echo ran >>/srv/ran; echo ran')));
    expect(all.map(({ stdout }) => text(stdout))).toEqual(['ran\n', 'ran\n', 'ran\n', 'ran\n']);
    expect(await Promise.all([0, 1, 2, 3].map((n) => look('/srv/ran', n)))).toEqual([
      'ran\n',
      'ran\n',
      'ran\n',
      'ran\n',
    ]);
    expect(notes).toEqual([]);
  });

  test('do not go by a tag when some that carry it are missing', async () => {
    const { connect, aws, id } = await start({ instances: [{ tags: { Role: 'web' } }, {}] });
    const connection = await connect({ tagTarget: 'tag:Role=web' }, { tagged: () => 2 });
    await talk(connection, 'true');
    expect(aws.calls.find(({ action }) => action === 'SendCommand')?.params).toMatchObject({ InstanceIds: [id()] });
  });

  test('with a tag that nothing carries are refused', async () => {
    const { connect } = await start();
    const { end } = await talk(await connect({ tagTarget: 'tag:Role=none' }, { tagged: () => 1 }), 'true');
    expect(end).toMatchObject({
      kind: 'refused',
      error: { problems: [{ code: 'E_SSM_NO_INSTANCES', facts: { tag: 'tag:Role=none' } }] },
    });
  });
});

describe('who lets go of a command', () => {
  test('ends it on that instance alone, and nothing of it stays there', async () => {
    const { connect, aws, id, look, tmp } = await start({ instances: 2 });
    const told: Outstanding[] = [];
    const outstanding = (each: Outstanding) => told.push(each);
    const [one, two] = await Promise.all([0, 1].map((n) => connect({ instance: id(n) }, { outstanding })));
    const sink = { stdout: () => {}, stderr: () => {} };
    const pipes = await Promise.all(
      [one!, two!].map((each) => each.open('echo >/run/began; sleep 2; echo >/run/through', sink)),
    );
    for (const pipe of pipes) pipe.end();
    await until('the start', async () => (await look('/run/began', 0)) !== '' && (await look('/run/began', 1)) !== '');
    pipes[0]!.close();
    expect(await pipes[0]!.ended).toEqual({ kind: 'lost', reason: 'closed before it ended' });
    await one!.close();
    expect(aws.calls.find(({ action }) => action === 'CancelCommand')?.params).toMatchObject({ InstanceIds: [id(0)] });
    expect(await tmp(0)).toEqual([]);
    expect(await pipes[1]!.ended).toEqual({ kind: 'exit', code: 0 });
    expect(await look('/run/through', 0)).toBe('');
    await until('both ends', () => told.length === 3);
    expect(told.map(({ state, hosts }) => [state, ...hosts])).toEqual([
      ['sent', 'web1', 'web2'],
      ['ended', 'web1'],
      ['ended', 'web2'],
    ]);
  });

  test('leaves nothing in the bucket either', async () => {
    const { connect, aws, look, tmp } = await start({ buckets: ['files'] });
    const connection = await connect({ bucket: 'files' });
    const pipe = await connection.open('echo >/run/began; sleep 20', { stdout: () => {}, stderr: () => {} });
    await pipe.write(randomBytes(200_000));
    pipe.end();
    await until('the start', async () => (await look('/run/began')) !== '');
    expect(aws.buckets.get('files')?.size).toBe(1);
    await connection.close();
    await until('the object is gone', () => aws.buckets.get('files')?.size === 0);
    expect(await tmp()).toEqual([]);
  });
});
