import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { createDesk, type Desk, type Playing } from '../rig/cli.ts';
import { eventually } from '../rig/run.ts';

/* What goes otherwise than planned where hosts are reached through AWS Systems Manager, and what is large there. */
vi.setConfig({ testTimeout: 120_000 });

interface Stage extends AsyncDisposable {
  aws: FakeAws;
  desk: Desk;
  ids: string[];
  /** The path of a file of an instance. */
  on(index: number, path: string): Promise<string>;
}

/** Waits until a file is there. */
function there(path: string): Promise<true> {
  return eventually(path, 20_000, () => existsSync(path) || undefined);
}

async function stage(
  instances: number,
  book: string,
  vars: Record<string, unknown> = {},
  buckets: string[] = [],
): Promise<Stage> {
  const aws = await startAws({ instances, buckets });
  const ids = [...aws.instances.keys()];
  const hosts = Object.fromEntries(ids.map((id, i) => [`web${i + 1}`, { instance_id: id }]));
  const desk = await createDesk({
    'hosts.json': JSON.stringify({ web: { vars: { connection: 'ssm', ...vars }, hosts } }),
    'site.yml': book,
  });
  return {
    aws,
    desk,
    ids,
    on: async (index, path) => `${await aws.root(ids[index] ?? '')}${path}`,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      await aws.close();
    },
  };
}

const site = ['site.yml', '-i', 'hosts.json', '-o', 'lines'];

describe('a run over Systems Manager that is interrupted', () => {
  const book = `
hosts: web
tasks:
  - shell: echo begun > /srv/first; while [ ! -e /srv/go ]; do sleep 0.1; done
  - shell: echo begun > /srv/second
`;

  /** Starts it, and waits until the first task is at work everywhere. */
  async function begun({ aws, desk, ids, on }: Stage): Promise<Playing> {
    const run = await desk.start(site, { env: aws.env, timeout: 60_000 });
    for (const index of ids.keys()) await there(await on(index, '/srv/first'));
    return run;
  }

  test('once: what runs may finish, what was sent with it is not begun', async () => {
    await using it = await stage(2, book);
    const { aws, on } = it;
    const run = await begun(it);
    run.kill('SIGINT');
    await run.says('running tasks may finish');
    await eventually('the word to stop', 20_000, () => aws.count('ssm:SendCommand') > 1 || undefined);
    await eventually('its end', 20_000, () => aws.openCommands().length === 1 || undefined);
    for (const index of [0, 1]) writeFileSync(await on(index, '/srv/go'), '');
    const { exit, stdout } = await run.done;
    expect(exit).toBe(130);
    expect(stdout).toMatch(/web1 changed +shell echo begun/);
    expect(stdout).toMatch(/web1 cancelled +shell echo begun/);
    expect(existsSync(await on(0, '/srv/second'))).toBe(false);
    expect(aws.openCommands()).toEqual([]);
  });

  test('once, with a limit of hosts that are at work: the word to stop does not wait for its turn', async () => {
    await using it = await stage(2, book);
    const { aws, desk, on } = it;
    const run = await desk.start([...site, '--forks', '1'], { env: aws.env, timeout: 60_000 });
    const first = await Promise.race(
      [0, 1].map(async (index) => (await there(await on(index, '/srv/first'))) && index),
    );
    run.kill('SIGINT');
    await run.says('running tasks may finish');
    await eventually('the word to stop', 8_000, () => aws.count('ssm:SendCommand') > 1 || undefined);
    await eventually('its end', 20_000, () => aws.openCommands().length === 1 || undefined);
    for (const index of [0, 1]) writeFileSync(await on(index, '/srv/go'), '');
    const { exit, stdout } = await run.done;
    expect(exit).toBe(130);
    expect(stdout).toMatch(new RegExp(`web${first + 1} changed +shell echo begun`));
    for (const index of [0, 1]) expect(existsSync(await on(index, '/srv/second'))).toBe(false);
    expect(existsSync(await on(1 - first, '/srv/first'))).toBe(false);
  });

  test('once, when the hosts are done and nobody has seen it yet: the word to stop does not stay there', async () => {
    await using it = await stage(1, book);
    const { aws, on } = it;
    const run = await begun(it);
    // By the fifth look the next one is seconds away.
    await eventually('looks', 20_000, () => aws.count('ssm:ListCommandInvocations') >= 5 || undefined);
    writeFileSync(await on(0, '/srv/go'), '');
    await there(await on(0, '/srv/second'));
    await eventually('the end', 20_000, () => aws.openCommands().length === 0 || undefined);
    run.kill('SIGINT');
    const { stdout } = await run.done;
    expect(stdout).toContain('■ interrupted');
    expect(readdirSync(await on(0, '/tmp'))).toEqual([]);
  });

  test('twice: the command is cancelled, and nobody says that its tasks are done', async () => {
    await using it = await stage(2, book);
    const { aws, on } = it;
    const run = await begun(it);
    run.kill('SIGINT');
    await run.says('running tasks may finish');
    run.kill('SIGINT');
    const { exit, stdout } = await run.done;
    expect(exit).toBe(130);
    expect(stdout).toMatch(/web1 unknown +shell echo begun/);
    await eventually('the commands to end', 20_000, () => aws.openCommands().length === 0 || undefined);
    expect(aws.count('ssm:CancelCommand')).toBeGreaterThan(0);
    expect(existsSync(await on(0, '/srv/second'))).toBe(false);
  });

  test('by force: the record says which commands are still out, and where', async () => {
    await using it = await stage(3, book);
    const { aws, desk, on } = it;
    const run = await begun(it);
    run.kill('SIGKILL');
    await run.done;
    const [open] = aws.openCommands();
    const { stdout } = await desk.play(['show']);
    expect(stdout).toContain(`command ${open}  is still out, as far as was seen, at 3 hosts: web1, web2, web3`);
    expect(stdout).toContain('web1  2 steps may have run: sent before the end, never reported');
    expect(aws.openCommands()).toHaveLength(1);
    for (const index of [0, 1, 2]) writeFileSync(await on(index, '/srv/go'), '');
  });
});

test('too many failures: those that have not begun are left out', async () => {
  await using it = await stage(
    6,
    `
hosts: web
max_fail_percentage: 20
tasks:
  - shell: echo begun > /srv/begun; exit 1
`,
  );
  const { aws, desk, on } = it;
  const { exit, stdout } = await desk.play([...site, '--forks', '1'], { env: aws.env, timeout: 60_000 });
  expect(exit, stdout).not.toBe(0);
  const begun = await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => existsSync(await on(index, '/srv/begun'))));
  expect(begun.filter(Boolean)).toHaveLength(2);
  expect(stdout).toContain('the play stops');
});

test('a failure that is rescued leaves nobody out', async () => {
  await using it = await stage(
    3,
    `
hosts: web
max_fail_percentage: 0
tasks:
  - block:
      - shell: test -e /srv/there
    rescue:
      - file: { path: /srv/rescued, state: touch }
`,
  );
  const { aws, desk, on } = it;
  const { exit, stdout } = await desk.play([...site, '--forks', '1'], { env: aws.env, timeout: 60_000 });
  expect(exit, stdout).toBe(0);
  const rescued = await Promise.all([0, 1, 2].map(async (index) => existsSync(await on(index, '/srv/rescued'))));
  expect(rescued).toEqual([true, true, true]);
});

test('several items of a loop at once are kept apart on the instance', async () => {
  await using it = await stage(
    1,
    `
hosts: web
tasks:
  - copy: { dest: '/srv/{{item}}', content: 'this is {{item}}' }
    loop: [a, b, c, d, e, f]
    loop_control: { parallel: 3 }
  - shell: 'echo {{item}}; sleep 0.2; id -un'
    become_user: nobody
    loop: [a, b, c, d]
    loop_control: { parallel: 4 }
`,
  );
  const { aws, desk, on } = it;
  const { exit, stdout } = await desk.play(site, { env: aws.env, timeout: 60_000 });
  expect(exit, stdout).toBe(0);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    expect(readFileSync(await on(0, `/srv/${name}`), 'utf8')).toBe(`this is ${name}`);
});

test('many instances share a command, fifty at a time', async () => {
  await using it = await stage(
    120,
    `
hosts: web
tasks:
  - file: { path: /srv/app, state: directory, mode: '0750' }
  - copy: { content: same, dest: /srv/app/same }
`,
  );
  const { aws, desk, on } = it;
  const first = await desk.play(site, { env: aws.env, timeout: 100_000 });
  expect(first.exit, first.stdout).toBe(0);
  expect(first.stdout).toContain('✔ done · 120 hosts · 240 changed');
  // How many arrive in time to go together is a matter of moments; never does each host have one of its own.
  expect(aws.count('ssm:SendCommand')).toBeLessThan(12);
  expect(
    Math.max(...aws.calls.map(({ params }) => ((params as { InstanceIds?: string[] }).InstanceIds ?? []).length)),
  ).toBe(50);
  expect(readFileSync(await on(119, '/srv/app/same'), 'utf8')).toBe('same');
  const again = await desk.play(site, { env: aws.env, timeout: 100_000 });
  expect(again.stdout).toContain('✔ done · 120 hosts · nothing changed');
});

describe.each([
  ['with a bucket', { ansible_aws_ssm_bucket_name: 'our-runs' }],
  ['without one', {}],
])('what is large, %s', (_, vars) => {
  test('goes to instances and comes back whole', async () => {
    await using it = await stage(
      2,
      `
hosts: web
tasks:
  - copy: { src: big.bin, dest: /srv/big.bin, mode: '0600' }
  - fetch: { src: /srv/big.bin, dest: back }
  - shell: seq 1 30000
    register: numbers
  - debug: { msg: '{{= numbers.stdout_lines.size() }} numbers, the last {{= numbers.stdout_lines[29999] }}' }
`,
      vars,
      ['our-runs'],
    );
    const { aws, desk, on } = it;
    const big = randomBytes(300_000);
    writeFileSync(join(desk.dir, 'big.bin'), big);
    const first = await desk.play(site, { env: aws.env, timeout: 100_000 });
    expect(first.exit, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toContain('30000 numbers, the last 30000');
    for (const index of [0, 1]) {
      expect(readFileSync(await on(index, '/srv/big.bin')).equals(big)).toBe(true);
      expect(readFileSync(join(desk.dir, `back/web${index + 1}/srv/big.bin`)).equals(big)).toBe(true);
    }
    const again = await desk.play(site, { env: aws.env, timeout: 100_000 });
    expect(again.stdout).toMatch(/web1 ok +copy/);
    expect([...(aws.buckets.get('our-runs')?.keys() ?? [])]).toEqual([]);
  });
});

test('instances that an inventory source finds are reached at once', async () => {
  await using it = await stage(
    3,
    `
hosts: all
tasks:
  - command: echo {{host.name}} in {{ansible_aws_ssm_region}}
`,
  );
  const { aws, desk, ids } = it;
  desk.file('aws.yml', 'plugin: aws_ssm\n');
  const { exit, stdout } = await desk.play(['site.yml', '-i', 'aws.yml', '-o', 'lines'], {
    env: aws.env,
    timeout: 60_000,
  });
  expect(exit, stdout).toBe(0);
  for (const id of ids) expect(stdout).toContain(`${id} in eu-central-1`);
});
