import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { play } from '../rig/cli.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-lint-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (files: Record<string, string>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};
const read = (path: string): string => readFileSync(join(dir, path), 'utf8');
const run = (...args: string[]) => play(args, { cwd: dir });

const hosts = 'web:\n  hosts:\n    web1: { port: 80 }\n    web2: { user: app }\n    web3:\n';

describe('play lint', () => {
  const warned = '- hosts: localhost\n  tasks:\n    - { debug: a, when: false }\n';

  it('tells a warning and is content, unless it is strict', async () => {
    write({ 'site.yml': warned });
    const content = await run('lint', 'site.yml');
    expect(content.stdout).toContain('warning[W_TASK_SKIPPED]');
    expect(content.stdout).toMatch(/^1 warning$/m);
    expect(content.exit).toBe(0);
    expect((await run('lint', 'site.yml', '--strict')).exit).toBe(2);
  });

  it('does not let a warning stop a run', async () => {
    write({ 'site.yml': warned });
    const { exit, stdout, stderr } = await run('site.yml');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('W_');
  });

  it('writes JSON, workflow commands and SARIF with the exit code of the problems', async () => {
    write({ 'site.yml': '- hosts: localhost\n  tasks:\n    - debug: "{{nothing}}"\n' });
    const json = await run('lint', 'site.yml', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ code: 'E_NAME_UNKNOWN', file: 'site.yml', line: 3, column: 17 }]);
    const github = await run('lint', 'site.yml', '--format', 'github');
    expect(github.stdout).toMatch(/^::error file=site\.yml,line=3,/);
    const sarif = await run('lint', 'site.yml', '--format', 'sarif');
    expect(JSON.parse(sarif.stdout).runs[0].results[0].ruleId).toBe('E_NAME_UNKNOWN');
    expect([json.exit, github.exit, sarif.exit]).toEqual([2, 2, 2]);
    expect((await run('lint', 'site.yml', '--format', 'xml')).exit).toBe(2);
  });

  it('shows in a table which hosts lack what', async () => {
    write({ 'hosts.yml': hosts, 'site.yml': '- hosts: web\n  tasks:\n    - debug: "{{port}} {{user}}"\n' });
    const { stdout } = await run('lint', 'site.yml', '-i', 'hosts.yml');
    const table = stdout.slice(stdout.indexOf('which hosts lack what:'));
    expect(table).toBe(
      [
        'which hosts lack what:',
        '        port   user',
        '  web1  has    lacks',
        '  web2  lacks  has',
        '  web3  lacks  lacks',
        '',
      ].join('\n'),
    );
  });
});

describe('play lint --fix', () => {
  it('mends what has one fix, leaves everything else as it is, and finds nothing to mend the second time', async () => {
    write({
      'site.yml': [
        '# my site',
        '- hosts: localhost   # here',
        '  vars: { title: "", list: [a] }',
        '  tasks:',
        '    - debug: {{ title }}',
        '      ignore_errors: yes',
        '    - include_tasks: more.yml',
        '    - debug:   x',
        "      when: title is defined and title != ''",
        '    - debug: x',
        "      when: \"'{{ title }}' == 'x'\"",
        '',
      ].join('\n'),
      'more.yml': '- debug: hi\n  become: no\n',
    });
    const { exit, stdout, stderr } = await run('lint', 'site.yml', '--fix');
    expect(read('site.yml')).toBe(
      [
        '# my site',
        '- hosts: localhost   # here',
        '  vars: { title: "", list: [a] }',
        '  tasks:',
        "    - debug: '{{ title }}'",
        '      ignore_errors: true',
        '    - include: more.yml',
        '    - debug:   x',
        "      when: has(vars.title) && title != ''",
        '    - debug: x',
        "      when: 'title == ''x'''",
        '',
      ].join('\n'),
    );
    expect(read('more.yml')).toBe('- debug: hi\n  become: false\n');
    expect(stderr).toContain('site.yml:6: yes → true\n');
    expect(stderr).toContain('more.yml:2: no → false\n');
    expect(stdout).not.toContain('error[');
    expect(exit).toBe(0);
    const again = await run('lint', 'site.yml', '--fix');
    expect([again.exit, again.stderr]).toEqual([0, '']);
  });

  it('does not guess: a typo, and a "not" that may mean two things, are left to their author', async () => {
    const text =
      '- hosts: localhost\n  vars: { on: true, port: 1 }\n  tasks:\n    - { debug: "{{prot}}", when: not on == true }\n';
    write({ 'site.yml': text });
    const { exit, stderr } = await run('lint', 'site.yml', '--fix');
    expect([exit, stderr]).toEqual([2, '']);
    expect(read('site.yml')).toBe(text);
  });
});

describe('play why', () => {
  const book = {
    'hosts.yml': hosts,
    'group_vars/web.yml': 'port: 9090\n',
    'roles/app/role.yml': 'params:\n  port: { type: int, default: 1 }\n',
    'roles/app/tasks/main.yml': '- name: serve\n  debug: "{{port}}"\n',
    'site.yml': [
      'params: { level: { type: int, default: 3 }, key: { type: secret, default: geheim } }',
      'plays:',
      '  - name: Shop',
      '    hosts: web',
      '    vars: { port: 8080, url: "http://{{host.name}}:{{port}}/", db_password: hunter2 }',
      '    tasks:',
      '      - { role: app, name: use it, with: { port: 7 } }',
      '      - { command: uptime, register: up }',
      '',
    ].join('\n'),
  };
  const why = (...args: string[]) => run('why', ...args, '-i', 'hosts.yml');

  it('shows the chain, the strongest first, with places', async () => {
    write(book);
    const { exit, stdout } = await why('port', 'site.yml', '--host', 'web1');
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'port on web1: 8080',
      '  8080  vars of the play "Shop"  site.yml:5',
      '  80    host web1                hosts.yml:3  (overridden)',
      '  9090  group_vars/web.yml       group_vars/web.yml:1  (overridden)',
    ]);
  });

  it('shows what a task in a role sees', async () => {
    write(book);
    const { stdout } = await why('port', 'site.yml', '--host', 'web2', '--task', 'serve');
    expect(stdout.split('\n')[0]).toBe('port on web2: 7');
    expect(stdout).toMatch(/7 +"with" of use it +site\.yml:7\n/);
    expect(stdout).toMatch(/1 +defaults of the role app +roles\/app\/role\.yml:2 {2}\(overridden\)/);
  });

  it('fills variables in for the host, knows parameters, and says what only the run knows', async () => {
    write(book);
    expect((await why('url', 'site.yml', '--host', 'web2')).stdout).toContain('url on web2: "http://web2:8080/"');
    expect((await why('params.level', 'site.yml', '--host', 'web2', '-p', 'level=4')).stdout).toMatch(
      /^params\.level on web2: 4\n {2}4 +given for this run\n {2}3 +default of the parameter/,
    );
    expect((await why('up', 'site.yml', '--host', 'web2')).stdout).toContain('up on web2: (known only in the run)');
  });

  it('never shows a secret', async () => {
    write(book);
    for (const name of ['db_password', 'params.key']) {
      for (const format of ['text', 'json']) {
        const { stdout, exit } = await why(name, 'site.yml', '--host', 'web2', '--format', format);
        expect(exit).toBe(0);
        expect(stdout).toContain('***');
        expect(stdout).not.toMatch(/geheim|hunter2/);
      }
    }
  });

  it('asks back where a name, a host or a task is not there', async () => {
    write(book);
    expect((await why('prot', 'site.yml', '--host', 'web2')).stderr).toContain('did you mean "port"?');
    expect((await why('port', 'site.yml', '--host', 'web9')).stderr).toContain('there is no host "web9"');
    expect((await why('port', 'site.yml')).stderr).toContain('--host NAME');
    const { exit, stderr } = await why('port', 'site.yml', '--host', 'web2', '--task', 'srve');
    expect([exit, stderr.includes('did you mean "serve"?')]).toEqual([2, true]);
  });
});
