import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';

let aws: FakeAws;
let desk: Desk;

beforeAll(async () => {
  await builtPlay();
}, 120_000);

const inventory = (more = ''): string => `all:
  vars: { ansible_connection: ssm, ansible_aws_ssm_region: eu-central-1 }
  hosts:
    web-1: { instance_id: i-00000000000000001${more} }
    web-2: { instance_id: i-00000000000000002${more} }
    here: { ansible_connection: local }
`;

/** A playbook with tasks for hosts of Systems Manager; the first stands in line 6. */
async function start(tasks: string[], hosts = inventory()): Promise<void> {
  const head = 'params:\n  password: { type: secret }\nplays:\n- hosts: web-*,here\n  tasks:\n';
  aws = await startAws({
    parameters: { '/a': 'value-of-a', '/key': { value: 'a-private-key\n', type: 'SecureString' } },
    secrets: { 'shop/db': '{"password":"correct-horse-battery"}' },
  });
  desk = await createDesk({ 'site.yml': head + tasks.map((task) => `    - ${task}\n`).join(''), 'hosts.yml': hosts });
}

function play(args: readonly string[]): Promise<Played> {
  return desk.play([...args, '-i', 'hosts.yml'], { env: aws.env });
}

const lint = (): Promise<Played> => play(['lint', 'site.yml']);
const run = (): Promise<Played> => play(['check', 'site.yml', '-p', 'password=typed-by-hand']);

afterEach(async () => {
  await aws.close();
  await desk[Symbol.asyncDispose]();
});

describe('a secret that would stand in a command of Systems Manager', () => {
  const task = `shell: psql -f x\n      env: { PGPASSWORD: '{{params.password}}' }`;

  it('is refused by lint and before a run, with the task and the way out', async () => {
    await start([task]);
    const said =
      'error[E_SSM_SECRET_TASK] this would send a secret (params.password) to web-1 and 1 other host in a command';
    const [checked, ran] = [await lint(), await run()];
    expect(checked.exit).toBe(2);
    expect(checked.stdout).toContain(said);
    expect(checked.stdout).toContain('site.yml:6:7');
    expect(checked.stdout).toContain('set ansible_aws_ssm_bucket_name');
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(said);
    expect(aws.count('ssm:SendCommand')).toBe(0);
  });

  it('may go through a bucket', async () => {
    await start([task], inventory(', ansible_aws_ssm_bucket_name: deploys'));
    expect(await lint()).toMatchObject({ exit: 0 });
  });

  it('is no matter where it stays here, is delegated, or is skipped', async () => {
    await start([
      `debug: { msg: '{{params.password}}' }`,
      `shell: echo {{params.password}}\n      delegate_to: here`,
      `shell: echo {{params.password}}\n      when: host.name == "here"`,
    ]);
    expect(await lint()).toMatchObject({ exit: 0 });
  });

  it('may come from a store that the instance reads by itself, whole and not in part', async () => {
    await start([
      `shell: echo {{ssm "/a"}} {{secret "shop/db"}}`,
      `copy: { dest: /etc/key, content: 'key: {{ssm "/key"}}' }`,
    ]);
    expect(await lint()).toMatchObject({ exit: 0 });
    expect((await run()).stderr).not.toContain('E_SSM_SECRET_TASK');
    await aws.close();
    await desk[Symbol.asyncDispose]();
    await start([`shell: echo {{ssm "/a"}} {{secret "shop/db" "password"}}`]);
    for (const { exit, stdout, stderr } of [await lint(), await run()]) {
      expect(exit).toBe(2);
      expect(stdout + stderr).toContain('E_SSM_SECRET_TASK');
      expect(stdout + stderr).not.toContain('correct-horse');
    }
  });

  it('is found behind variables, made into something else, and beside what only the run knows', async () => {
    await start([
      `copy: { dest: /etc/app, content: 'url=postgres://app:{{upper secret_of_app}}@db' }\n      vars: { secret_of_app: '{{params.password}}' }`,
      `shell: echo {{facts.hostname}} {{params.password}}`,
    ]);
    const { exit, stdout } = await lint();
    expect(exit).toBe(2);
    expect(stdout).toContain('a secret (secret_of_app)');
    expect(stdout).toContain('a secret (params.password)');
  });

  it('only perhaps is a warning of lint', async () => {
    await start([`shell: echo {{params.password}}\n      when: facts.hostname == "old"`]);
    const { exit, stdout } = await lint();
    expect(exit).toBe(0);
    expect(stdout).toContain('warning[W_SSM_SECRET_TASK] if this runs, it sends a secret (params.password) to web-1');
  });

  it('in an encrypted file is one, too', async () => {
    await start([`copy: { src: key.age, dest: /etc/key }`]);
    await desk.play(['secret', 'keygen']);
    desk.file('key', 'a-private-key\n');
    await desk.play(['secret', 'encrypt', 'key']);
    const { stdout } = await lint();
    expect(stdout).toContain('a secret (the encrypted file key.age)');
  });
});

describe('a password for becoming another user', () => {
  it('is said to be of no use', async () => {
    await start([`shell: id`], inventory(', ansible_become_password: "{{params.password}}"'));
    const { exit, stdout } = await play(['lint', 'site.yml', '-p', 'password=typed-by-hand']);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      'warning[W_SSM_BECOME_PASSWORD] web-1: a password for becoming another user is not needed',
    );
    expect(stdout).toContain('hosts.yml:4');
  });
});
