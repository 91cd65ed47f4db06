import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDesk } from '../rig/cli.ts';

const inventory = `
all:
  vars: { ansible_connection: local }
  hosts:
    a: { role: web }
    b: { role: db }
    c: {}
`;
const tasks = (table: string, more = '') => `
hosts: all
tasks:
  - command: echo {{host.name}}
    register: said
    when: host.name != 'c'
  - name: overview
    table: ${table}
    ${more}
`;

describe('table', () => {
  test('one row for each host: facts, variables and results, whoever asks', async () => {
    await using desk = await createDesk({
      'inventory.yml': inventory,
      'site.yml': tasks(
        '{ from: { hosts: { os: facts.os.id, said: said.stdout, role: \'vars.?role.orValue("none")\' } }, to: hosts.csv }',
        'run_once: true',
      ),
    });
    const run = await desk.play(['site.yml', '-i', 'inventory.yml', '-o', 'lines']);
    expect(run.exit, run.stdout + run.stderr).toBe(0);
    const csv = readFileSync(join(desk.dir, 'hosts.csv'), 'utf8');
    expect(csv).toMatch(/^host,os,said,role\na,\w+,a,web\nb,\w+,b,db\nc,\w+,,none\n$/);
    const check = await desk.play(['check', 'site.yml', '-i', 'inventory.yml', '-o', 'lines']);
    expect(check.stdout).toMatch(/a unknown +overview/);
    expect(check.stdout).toContain('depends on "command echo {{host.name}}", which does not run in check mode');
  });

  test('names in it are checked before the run, and so is how steps are put together', async () => {
    await using desk = await createDesk({
      'inventory.yml': inventory,
      'site.yml': tasks(
        '{ from: { hosts: { x: said.stdot, y: facts.os.nam } }, steps: [{ filter: a, seed: 1 }, { filter: "{{{b}}}" }] }',
      ),
    });
    const { exit, stdout } = await desk.play(['lint', 'site.yml', '-i', 'inventory.yml']);
    expect(exit).toBe(2);
    for (const words of [
      'has no "stdot"',
      'facts.os has no "nam"',
      'seed does not go with filter',
      'between three braces in SQL',
    ])
      expect(stdout).toContain(words);
  });

  test('an interrupt ends it at once', async () => {
    await using desk = await createDesk({
      'site.yml':
        'hosts: localhost\ntasks:\n  - table: { from: [1], sql: "SELECT count(*) FROM range(100000000000) a WHERE a.range % 7 = 3" }\n',
    });
    const playing = await desk.start(['site.yml', '-o', 'lines']);
    await playing.says('1 task');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const from = performance.now();
    playing.kill('SIGINT');
    const { exit } = await playing.done;
    expect(exit).toBe(130);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  test('secrets are not shown, nor in what is said of them', async () => {
    await using desk = await createDesk({
      'site.yml': `
params: { token: { type: string, secret: true } }
plays:
  - hosts: localhost
    tasks:
      - table: { from: [{ a: 1 }], steps: [{ filter: 'a = {{params.token}}' }] }
        ignore_errors: true
      - table: { from: [{ a: '{{params.token}}' }], to: terminal }
`,
    });
    const { stdout, stderr } = await desk.play(['site.yml', '-o', 'lines', '-p', 'token=tr0ub4dor-and-3']);
    expect(stdout + stderr).not.toContain('tr0ub4dor');
    expect(stdout).toContain('could not convert string');
  });
});
