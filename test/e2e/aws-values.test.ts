import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAws, startAws } from '../aws/aws.ts';
import type { AwsOptions } from '../aws/types.ts';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';

let aws: FakeAws;
let desk: Desk;

const parameters: NonNullable<AwsOptions['parameters']> = {
  '/shop/dev/password': { value: 'correct-horse-battery', type: 'SecureString' },
  '/shop/prod/password': { value: 'of-production-only', type: 'SecureString' },
  '/shop/url': 'https://shop.example.com',
  '/shop/next': '/shop/dev/password',
  '/a': 'value-of-a',
  '/b': 'value-of-b',
};

async function start(files: Record<string, string>, options: AwsOptions = {}): Promise<void> {
  aws = await startAws({ parameters, ...options });
  desk = await createDesk(files);
}

function play(args: readonly string[], env: Record<string, string> = {}): Promise<Played> {
  // What the SDK says about Node is kept from the screen by play itself.
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...mine } = aws.env;
  return desk.play(args, { env: { ...mine, ...env } });
}

function playbook(...tasks: string[]): string {
  return `params:\n  env: { type: string, default: dev }\nplays:\n- hosts: localhost\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
}

beforeAll(async () => {
  await builtPlay();
}, 120_000);

afterEach(async () => {
  await aws.close();
  await desk[Symbol.asyncDispose]();
});

describe('values of Parameter Store', () => {
  it('are read in one call before the run, whatever makes their names, and never shown', async () => {
    await start({
      'site.yml': `params:
  env: { type: string, default: dev }
plays:
- hosts: localhost
  vars:
    path: /shop/{{params.env}}/password
    password: '{{ssm path}}'
  tasks:
    - name: config
      template: { src: app.conf, dest: '{{env.PWD}}/app.conf' }
    - name: tell
      shell: echo "host {{facts.hostname}} has {{= ssm("/shop/" + params.env + "/password") }}"
    - name: each
      debug: { msg: '{{ssm item}}' }
      loop: [/a, /b]
  handlers: []
`,
      'templates/app.conf': 'password={{password}}\nurl={{ssm "/shop/url"}}\n',
    });
    const run = await play(['site.yml', '-v', '-o', 'lines'], { PWD: desk.dir });
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(readFileSync(join(desk.dir, 'app.conf'), 'utf8')).toBe(
      'password=correct-horse-battery\nurl=https://shop.example.com\n',
    );
    expect(run.stdout).toContain('has ***');
    expect(run.stdout).not.toMatch(/correct-horse|value-of-[ab]|shop\.example/);
    expect(aws.calls.map(({ action, params }) => [action, params['Names'], params['WithDecryption']])).toEqual([
      ['GetParameters', ['/shop/dev/password', '/shop/url', '/a', '/b'], true],
    ]);
  });

  it('of what is certainly skipped are not read, and those that others lead to are', async () => {
    await start({
      'site.yml': playbook(
        `shell: echo {{ssm "/shop/prod/password"}}\n      when: params.env == "prod"`,
        `debug: { msg: 'it is {{ssm (ssm "/shop/next")}}' }`,
        `debug: { msg: reached }\n      when: ssm("/shop/url").startsWith("https:") && ssm("/a") == "value-of-a"`,
      ),
    });
    const run = await play(['site.yml', '-o', 'lines']);
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(run.stdout).toContain('reached');
    const read = aws.calls.flatMap(({ params }) => params['Names'] as string[]);
    expect(read.sort()).toEqual(['/a', '/shop/dev/password', '/shop/next', '/shop/url']);
  });

  it('stay secrets in whatever is made of them', async () => {
    await start({
      'site.yml': playbook(
        `debug: { msg: '1 {{upper (ssm "/a")}} 2 {{= ssm("/a").upper() }} 3 {{= "/a".ssm().substring(0, 7) + "…" }}' }`,
        `debug: { msg: '4 {{b64encode (ssm "/b")}} 5 {{#each (split "/a /b" " ")}}{{upper (ssm this)}},{{/each}}' }`,
        `set_fact: { kept: '{{ssm "/b"}}' }`,
        `debug: { msg: '6 {{kept}} 7 {{= kept.upper() }}' }`,
      ),
    });
    const run = await play(['site.yml', '-v', '-o', 'lines']);
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(run.stdout).toMatch(/1 \*\*\* 2 \*\*\* 3 \*\*\*/);
    expect(run.stdout).toMatch(/4 \*\*\* 5 \*\*\*,\*\*\*,/);
    expect(run.stdout).toMatch(/6 \*\*\* 7 \*\*\*/);
    expect(run.stdout).not.toMatch(/value-o|dmFsdWUt/i);
  });

  it('come ten to a call, and a check reads them too', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `/many/${i}`);
    await start(
      { 'site.yml': playbook(`debug: { msg: '{{ssm item}}' }\n      loop: [${names.join(', ')}]`) },
      { parameters: Object.fromEntries(names.map((name) => [name, `value of ${name}`])) },
    );
    expect(await play(['check', 'site.yml'])).toMatchObject({ exit: 0, stderr: '' });
    expect(aws.calls.map(({ params }) => (params['Names'] as string[]).length)).toEqual([10, 10, 3]);
  });

  it('are found in roles, files of variables, blocks, handlers, and where each host has another name', async () => {
    const values = ['role', 'default', 'file', 'block', 'handler', 'with', 'one', 'two', 'only-two', 'register'];
    await start(
      {
        'site.yml': `- hosts: all
  vars_files: [vars.yml]
  tasks:
    - debug: { msg: '{{of_file}} {{ssm (join parts "/")}}' }
      vars: { parts: ['', '{{shard}}'] }
    - debug: { msg: '{{ssm "/only-two"}}' }
      when: shard == "two"
    - block:
        - debug: { msg: '{{of_block}}' }
      vars: { of_block: '{{ssm "/block"}}' }
    - role: app
      with: { given: '{{ssm "/with"}}' }
    - shell: echo "{{ssm "/register"}}"
      register: told
      notify: told
    - assert: { that: 'told.stdout == ssm("/register")' }
  handlers:
    - name: told
      debug: { msg: '{{ssm "/handler"}}' }
`,
        'vars.yml': `of_file: '{{ssm "/file"}}'\n`,
        'hosts.yml':
          'all: { vars: { ansible_connection: local }, hosts: { a: { shard: one }, b: { shard: two }, c: { shard: one } } }\n',
        'roles/app/role.yml': 'params: { given: { type: string } }\n',
        'roles/app/vars.yml': `usual: '{{ssm "/default"}}'\n`,
        'roles/app/tasks/main.yml': `- debug: { msg: '{{given}} {{usual}} {{= ssm("/role") }}' }\n`,
      },
      { parameters: Object.fromEntries(values.map((name) => [`/${name}`, `value-of-${name}`])) },
    );
    const run = await play(['site.yml', '-i', 'hosts.yml', '-v', '-o', 'lines']);
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(run.stdout).not.toContain('value-of');
    const read = aws.calls.flatMap(({ params }) => params['Names'] as string[]);
    expect(read.sort()).toEqual(values.map((name) => `/${name}`).sort());
    expect(aws.calls).toHaveLength(1);
  });

  it('may log in and become another user', async () => {
    await start({
      'site.yml': '- hosts: all\n  tasks:\n    - shell: echo {{ansible_password}}\n',
      'hosts.yml': `all: { hosts: { one: { ansible_connection: local, ansible_password: '{{ssm "/a"}}' } } }\n`,
    });
    const run = await play(['site.yml', '-i', 'hosts.yml', '-v', '-o', 'lines']);
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(run.stdout).toContain('***');
  });
});

describe('values of Secrets Manager', () => {
  const secrets = {
    'shop/db': '{"username":"shop","password":"correct-horse-battery","port":5432}',
    'shop/token': 'tok-4711-abcdef',
    'shop/plain': 'no JSON at all',
  };
  const book = playbook(
    `shell: echo "{{secret "shop/db" "username"}}:{{secret "shop/db" "password"}} {{secret "shop/token"}}"`,
    `copy: { dest: '{{env.PWD}}/db.json', content: '{{secret "shop/db"}}' }`,
    `shell: cat {{env.PWD}}/db.json; echo {{= secret("shop/db", "port") }}`,
  );

  it('are read in one call, whole or a field, and so is what JSON holds kept from being seen', async () => {
    await start({ 'site.yml': book }, { secrets });
    const run = await play(['site.yml', '-v', '-o', 'lines'], { PWD: desk.dir });
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect(readFileSync(join(desk.dir, 'db.json'), 'utf8')).toBe(secrets['shop/db']);
    expect(run.stdout).not.toMatch(/correct-horse|tok-4711|5432/);
    expect(aws.calls.map(({ action, params }) => [action, params['SecretIdList']])).toEqual([
      ['BatchGetSecretValue', ['shop/db', 'shop/token']],
    ]);
  });

  it('need no permission but that to read each', async () => {
    await start({ 'site.yml': book }, { secrets });
    aws.faults.deny = ['secretsmanager:BatchGetSecretValue'];
    expect(await play(['site.yml'], { PWD: desk.dir })).toMatchObject({ exit: 0, stderr: '' });
    expect(aws.count('secretsmanager:GetSecretValue')).toBe(2);
  });

  it('that are not there, or have no such field, are told together', async () => {
    await start(
      {
        'site.yml': playbook(
          `debug: { msg: '{{secret "shop/dv"}} {{secret "shop/db" "pasword"}}' }`,
          `debug: { msg: '{{= secret("shop/plain", "password") }}' }`,
        ),
      },
      { secrets },
    );
    const run = await play(['site.yml']);
    expect(run.exit).toBe(2);
    expect(run.stderr).toContain('error[E_STORED_MISSING] Secrets Manager has no "shop/dv" in eu-central-1');
    expect(run.stderr).toContain('error[E_STORED_FIELD] the secret "shop/db" has no field "pasword"');
    expect(run.stderr).toContain('help: it has: username, password, port');
    expect(run.stderr).toContain('error[E_STORED_FIELD] the secret "shop/plain" is no JSON object');
    expect(run.stderr).not.toContain('correct-horse');
  });

  it('of another region are named by their ARN', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/token';
    await start({ 'site.yml': playbook(`debug: { msg: '{{secret "${arn}"}}' }`) });
    const run = await play(['site.yml']);
    expect(run.stderr).toContain(`Secrets Manager has no "${arn}" in eu-west-1`);
    expect(aws.calls.map(({ region }) => region)).toEqual(['eu-west-1']);
  });
});

describe('what cannot be read', () => {
  it('is told before any host is reached, all of it, each at its place', async () => {
    await start({
      'site.yml': playbook(
        `shell: touch reached`,
        `debug: { msg: '{{ssm "/no/such"}}' }`,
        `debug: { msg: '{{= ssm("/neither") }}' }`,
        `debug: { msg: '{{ssm "/a"}}' }`,
      ),
    });
    const run = await play(['site.yml']);
    expect({ ...run, stdout: '' }).toMatchObject({ exit: 3 });
    expect(run.stderr).toContain('error[E_STORED_MISSING] Parameter Store has no "/no/such" in eu-central-1');
    expect(run.stderr).toContain('error[E_STORED_MISSING] Parameter Store has no "/neither" in eu-central-1');
    expect(run.stderr).toMatch(/site\.yml:7:\d+/);
    expect(run.stderr).toMatch(/site\.yml:8:\d+/);
    expect(run.stdout).not.toContain('reached');
  });

  it('for want of a permission says which', async () => {
    await start({ 'site.yml': playbook(`debug: { msg: '{{ssm "/a"}} {{ssm "/b"}}' }`) });
    aws.faults.deny = ['ssm:GetParameters'];
    const run = await play(['site.yml']);
    expect(run.exit).toBe(3);
    expect(run.stderr.match(/E_STORED_DENIED/g)).toHaveLength(2);
    expect(run.stderr).toContain('the identity needs ssm:GetParameters on arn:aws:ssm:*:*:parameter/a;');
  });

  it.each([
    ['expired', { expiredFrom: 0 }, {}, 'the credentials have expired'],
    ['unknown', {}, { AWS_ACCESS_KEY_ID: 'AKIANOBODYKNOWSTHIS0' }, 'AWS does not take the credentials'],
    [
      'none',
      {},
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' },
      'no credentials were found',
    ],
  ])('because the credentials are %s is told once', async (_, faults, env, words) => {
    await start({ 'site.yml': playbook(`debug: { msg: '{{ssm "/a"}}' }`, `debug: { msg: '{{ssm "/b"}}' }`) });
    Object.assign(aws.faults, faults);
    const run = await play(['site.yml'], env);
    expect(run.exit).toBe(3);
    expect(run.stderr.match(/error\[/g)).toHaveLength(1);
    expect(run.stderr).toContain(`error[E_AWS_CREDENTIALS] ssm:GetParameters: ${words}`);
    expect(run.stderr).toContain('site.yml:6');
  });

  it('because only the run knows its name is a mistake of the playbook', async () => {
    await start({ 'site.yml': playbook(`debug: { msg: '{{= ssm("/" + facts.hostname) }}' }`) });
    const run = await play(['site.yml']);
    expect(run.exit).toBe(2);
    expect(run.stderr).toContain('error[E_STORED_NAME] ssm("/" + facts.hostname): what it reads was not known');
    expect(aws.calls).toEqual([]);
  });
});

describe('without AWS', () => {
  it('lint says what a run will need, and is content', async () => {
    await start({ 'site.yml': playbook(`debug: { msg: '{{ssm "/a"}} {{secret "shop/db" "password"}}' }`) });
    const lint = await play(['lint', 'site.yml', '--strict'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(lint).toMatchObject({ exit: 0, stdout: 'site.yml: no problems (1 tasks, 1 hosts)\n' });
    expect(lint.stderr).toBe(`note: a run first reads 2 values of AWS, and its identity needs:
  ssm:GetParameters on arn:aws:ssm:*:*:parameter/a (site.yml:6)
  secretsmanager:GetSecretValue on arn:aws:secretsmanager:*:*:secret:shop/db-?????? (site.yml:6)
  kms:Decrypt on the keys of those that are not encrypted with the key of AWS
`);
    expect(await play(['list', 'site.yml'])).toMatchObject({ exit: 0 });
    expect((await play(['why', 'params.env', 'site.yml'])).exit).toBe(0);
    expect(aws.calls).toEqual([]);
  });
});
