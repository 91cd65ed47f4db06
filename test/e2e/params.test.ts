import { describe, expect, test } from 'vitest';
import { createDesk } from '../rig/cli.ts';

const book = `params:
  version: { type: string, required: true, help: the release }
  env: { enum: [staging, prod], default: staging, env: SHOP_ENV }
  db_pass: { type: string, secret: true, prompt: true, confirm: true, default: none }
  wait: { type: duration, default: 10m }
plays:
  - hosts: localhost
    tasks:
      - debug: 'v={{params.version}} e={{params.env}} w={{params.wait}}'
`;

describe('parameters', () => {
  test('flag over file over environment over default, and 1.10 stays text', async () => {
    await using desk = await createDesk({ 'site.yml': book, 'p.yml': "version: '3'\nenv: prod\n" });
    const said = async (args: string[], env = {}): Promise<string> =>
      (await desk.play(['site.yml', '-o', 'lines', ...args], { env })).stdout;
    expect(await said(['--version', '1.10'])).toContain('v=1.10 e=staging w=600');
    expect(await said(['--version=2', '-p', 'wait=1s'], { SHOP_ENV: 'prod' })).toContain('v=2 e=prod w=1');
    expect(await said(['--params-file', 'p.yml', '--env', 'staging'])).toContain('v=3 e=staging');
  });

  test('what is missing or wrong is told before anything runs; lint needs no values', async () => {
    await using desk = await createDesk({ 'site.yml': book });
    const none = await desk.play(['site.yml']);
    expect(none.exit).toBe(2);
    expect(none.stderr).toContain('the parameter "version" is missing: the release');
    expect(none.stderr).toContain('give it with --version VALUE');
    const wrong = await desk.play(['site.yml', '--version', '1', '--env', 'prd', '-p', 'vresion=2']);
    expect(wrong.stderr).toContain('did you mean "prod"?');
    expect(wrong.stderr).toContain('there is no parameter "vresion"');
    expect((await desk.play(['lint', 'site.yml'])).exit).toBe(0);
    const { stdout } = await desk.play(['site.yml', '--help']);
    expect(stdout).toMatch(/--version <string> +the release \(required\)/);
  });

  test('a secret that was typed is in no record', async () => {
    await using desk = await createDesk({ 'site.yml': book });
    const { stdout } = await desk.play(['site.yml', '-o', 'json', '--version', '1', '--db_pass', 'HUNTER2']);
    expect(stdout).toContain('run-start');
    expect(stdout).not.toContain('HUNTER2');
  });
});

test('a secret is asked for twice on a terminal, and not shown', async () => {
  await using desk = await createDesk({
    'site.yml': `params: { pass: { type: secret, prompt: The word, confirm: true } }
plays: [ { hosts: localhost, tasks: [ { debug: 'long {{params.pass.length}}', when: params.pass == "HUNTER2" } ] } ]
`.replace('{{params.pass.length}}', 'enough'),
  });
  const playing = await desk.start(['site.yml', '-o', 'lines'], { tty: true });
  await playing.says('The word');
  playing.type('HUNTER2\r');
  await playing.says('(again)');
  playing.type('HUNTER2\r');
  const { exit, stdout } = await playing.done;
  expect({ exit, shown: stdout.includes('HUNTER2') }).toEqual({ exit: 0, shown: false });
  expect(stdout).toContain('long enough');
});
