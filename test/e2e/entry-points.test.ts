import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtPlay } from '../rig/built.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

/* Playbooks as programs: words behind them, commands in them, what is piped in, and the code they end with. */
let desk: Desk;
beforeEach(async () => {
  desk = await createDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

/** What debug has said, and all of standard error when it failed. */
async function said(args: string[], options: { stdin?: string; env?: Record<string, string> } = {}): Promise<string[]> {
  const { stdout, stderr, exit } = await desk.play([...args, '-o', 'json'], options);
  const messages = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((event) => event.type === 'step-end' && event.module === 'debug')
    .map((event) => event.message as string);
  return exit === 2 ? [stderr] : messages;
}

const ops = `#!/usr/bin/env play
name: The shop
params:
  env: { enum: [staging, prod], default: staging, help: where }
vars: { motto: all is well }
commands:
  restart:
    help: Restart services
    params:
      service: { enum: [web, db], positional: true, required: true, help: which one }
      more: { type: list, positional: true, default: [] }
    hosts: localhost
    tasks:
      - debug: 'restart {{params.service}} {{to_json params.more}} in {{params.env}}'
  status:
    help: Tell how it is
    vars: { motto: all is very well }
    plays:
      - hosts: localhost
        tasks: [debug: '{{motto}}']
      - hosts: localhost
        tasks: [debug: 'still {{motto}}']
`;

describe('words behind a playbook', () => {
  const book = `
params:
  env: { enum: [staging, prod], positional: true, required: true }
  version: { positional: true, default: latest }
  count: { type: int, default: 1 }
plays:
  - hosts: localhost
    tasks: [debug: '{{params.env}} {{params.version}} {{params.count}}']
`;

  test('are parameters by their place; flags still work, before and behind them', async () => {
    desk.file('deploy.yml', book);
    expect(await said(['deploy.yml', 'prod'])).toEqual(['prod latest 1']);
    expect(await said(['deploy.yml', 'prod', '1.10', '--count', '3'])).toEqual(['prod 1.10 3']);
    expect(await said(['run', '--count', '3', 'deploy.yml', 'prod'])).toEqual(['prod latest 3']);
    const odd = await desk.play(['deploy.yml', '-o', 'lines', 'prod', '--', '-1']);
    expect(odd.stdout).toContain('prod -1 1');
    expect(await said(['deploy.yml', '--env', 'prod', '--version', '2.0'])).toEqual(['prod 2.0 1']);
  });

  test('are checked as flags are', async () => {
    desk.file('deploy.yml', book);
    expect((await said(['deploy.yml', 'prd']))[0]).toMatch(/the parameter "env" must be one of.*not.*"prd"/);
    expect((await said(['deploy.yml']))[0]).toContain('give it with a word behind the playbook or --env VALUE');
    expect((await said(['deploy.yml', 'prod', '1', '2']))[0]).toContain(
      '3 words are behind the playbook, and it takes 2',
    );
    desk.file('plain.yml', '- hosts: localhost\n  tasks: []\n');
    expect((await said(['plain.yml', 'x']))[0]).toContain('one playbook at a time, 2 were given');
  });

  test('cannot be declared so that nobody could tell them apart', async () => {
    desk.file(
      'bad.yml',
      `params:
  all: { type: list, positional: true }
  flag: { type: bool, positional: true }
  late: { positional: true, required: true }
plays: [{ hosts: localhost, tasks: [] }]
`,
    );
    const lint = await desk.play(['lint', 'bad.yml']);
    const stdout = lint.stdout + lint.stderr;
    expect(stdout).toContain('"all" takes all words that are left, so it has to be the last');
    expect(stdout).toContain('"flag" is true or false, which is said by a flag');
    expect(stdout).toContain('"late" is required, and "all" before it is not');
  });
});

describe('commands of a playbook', () => {
  test('each does its own, with its own parameters beside those of the file', async () => {
    desk.file('ops.yml', ops);
    expect(await said(['ops.yml', 'restart', 'web'])).toEqual(['restart web [] in staging']);
    expect(await said(['ops.yml', 'restart', 'db', 'a', '1.10', '--env', 'prod'])).toEqual([
      'restart db ["a","1.10"] in prod',
    ]);
    expect(await said(['ops.yml', '--env', 'prod', 'restart', 'db'])).toEqual(['restart db [] in prod']);
    expect(await said(['ops.yml', 'status'])).toEqual(['all is very well', 'still all is very well']);
  });

  test('a wrong word is answered with what there is', async () => {
    desk.file('ops.yml', ops);
    expect((await said(['ops.yml']))[0]).toContain('nothing says which command is meant: restart, status');
    expect((await said(['ops.yml', 'restrat']))[0]).toContain('did you mean "restart"?');
    expect((await said(['ops.yml', 'status', 'x']))[0]).toContain('2 words are behind the playbook, and it takes 1');
    expect((await said(['ops.yml', 'status', '--service', 'web']))[0]).toContain("unknown option '--service'");
  });

  test('help, list, lint and completion know them', async () => {
    desk.file('ops.yml', ops);
    const help = (await desk.play(['ops.yml', '--help'])).stdout;
    expect(help).toContain('Commands of the playbook:\n  restart  Restart services\n  status   Tell how it is');
    const more = (await desk.play(['ops.yml', 'restart', '--help'])).stdout;
    expect(more).toContain('<playbook> [command] [service] [more...]');
    expect((await desk.play(['list', 'ops.yml'])).stdout).toContain('commands\n  restart  Restart services\n');
    expect((await desk.play(['lint', 'ops.yml'])).stdout).toContain('ops.yml: no problems (3 tasks, 1 hosts)');
    const words = async (...typed: string[]): Promise<string[]> =>
      (await desk.play(['__complete', ...typed])).stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '');
    expect(await words('ops.yml', '')).toEqual(['restart', 'status']);
    expect(await words('ops.yml', 'restart', '')).toEqual(['web', 'db']);
    expect(await words('ops.yml', 'restart', '--', '--s').then((all) => all.length)).toBeGreaterThan(0);
  });

  test('lint finds the mistakes of every command, each by itself', async () => {
    desk.file(
      'bad.yml',
      `commands:
  one: { hosts: localhost, tasks: [{ command: id, register: got }] }
  two: { hosts: localhost, tasks: [{ debug: '{{got.stdout}}' }] }
  three: { hosts: localhost, taks: [] }
  four: 4
`,
    );
    const { stdout, exit } = await desk.play(['lint', 'bad.yml']);
    expect(exit).toBe(2);
    expect(stdout).toContain('nothing gives "got" a value');
    expect(stdout).toMatch(/no key "taks"|did you mean "tasks"/);
    expect(stdout).toContain('the command "four" must be a mapping');
  });

  test('a saved plan remembers which one it was', async () => {
    desk.file('ops.yml', ops);
    expect((await desk.play(['plan', 'ops.yml', 'restart', 'web', '--out', 'p.json'])).exit).toBe(0);
    const applied = await desk.play(['apply', 'p.json', '-o', 'lines']);
    expect(applied.stdout + applied.stderr).toContain('restart web [] in staging');
  });
});

test('a playbook is a program: its first line starts play', async () => {
  const file = desk.file('ops', ops);
  chmodSync(file, 0o755);
  mkdirSync(join(desk.dir, 'bin'));
  symlinkSync(await builtPlay(), join(desk.dir, 'bin/play'));
  const book = `
- hosts: localhost
  tasks:
    - command: { argv: [./ops, restart, web, --env, prod, -o, lines] }
      env: { PATH: '${join(desk.dir, 'bin')}:${process.env['PATH']}' }
      register: got
    - debug: '{{regex_search got.stdout "restart web.*"}}'
`;
  desk.file('start.yml', book);
  expect(await said(['start.yml'])).toEqual(['restart web [] in prod']);
});

describe('standard input', () => {
  const book = (text: string): void => {
    desk.file('in.yml', `- hosts: localhost\n  tasks:\n    - debug: '${text}'\n`);
  };

  test('is data: text, lines and JSON', async () => {
    book('{{stdin.json.name}} {{= stdin.json.ports.size() }}');
    expect(await said(['in.yml'], { stdin: '{"name": "wéb", "ports": [80, 443]}' })).toEqual(['wéb 2']);
    book('{{= stdin.lines.map(l, "<" + l + ">").join("") }}{{= stdin.text.size() }}');
    expect(await said(['in.yml'], { stdin: 'a\n\nb\r\n' })).toEqual(['<a><><b>6']);
    expect(await said(['in.yml'], { stdin: '' })).toEqual(['0']);
    expect(await said(['in.yml'], { stdin: 'x'.repeat(300_000) }).then(([all = '']) => all.slice(-8))).toBe('x>300000');
  });

  test('what it is not is said before the run', async () => {
    book('{{stdin.json.name}}');
    expect((await said(['in.yml'], { stdin: 'hello' }))[0]).toContain('standard input has no "json": it is not JSON');
    expect((await said(['in.yml']))[0]).toContain('it is empty');
    book('{{stdin.jsn}}');
    expect((await said(['in.yml']))[0]).toContain('did you mean "json"?');
    book('{{stdin.text}}');
    const { stdout } = await desk.play(['in.yml'], { tty: true });
    expect(stdout).toContain('it is a terminal; pipe something in: program | play FILE');
    expect((await desk.play(['lint', 'in.yml'])).exit).toBe(0);
  });
});

describe('exit', () => {
  test('ends the run for all hosts with its code; nothing after it runs', async () => {
    desk.file('hosts.yml', JSON.stringify({ all: { vars: { ansible_connection: 'local' }, hosts: { a: {}, b: {} } } }));
    desk.file(
      'site.yml',
      `
- hosts: all
  tasks:
    - debug: before
    - exit: { code: 42, msg: enough }
      when: host.name == "b"
    - debug: after
- hosts: all
  tasks: [debug: second play]
`,
    );
    const { exit, stdout } = await desk.play(['site.yml', '-i', 'hosts.yml', '-o', 'lines']);
    expect(exit).toBe(42);
    expect(stdout).toContain('enough');
    expect(stdout).not.toMatch(/after|second play/);
    const check = await desk.play(['site.yml', '-i', 'hosts.yml', '-o', 'lines', '--check']);
    expect(check.exit).toBe(0);
    expect(check.stdout).toContain('enough (the real run would end here)');
  });

  test('0 ends it well, and a failure is graver than any code', async () => {
    desk.file('site.yml', '- hosts: localhost\n  tasks: [{ exit: 0 }, { fail: { msg: never } }]\n');
    expect((await desk.play(['site.yml', '-o', 'lines'])).exit).toBe(0);
    desk.file('hosts.yml', JSON.stringify({ all: { vars: { ansible_connection: 'local' }, hosts: { a: {}, b: {} } } }));
    desk.file(
      'site.yml',
      `- hosts: all
  tasks:
    - fail: { msg: broken }
      when: host.name == "a"
    - exit: 30
`,
    );
    expect((await desk.play(['site.yml', '-i', 'hosts.yml', '-o', 'lines'])).exit).toBe(3);
  });

  test("codes that mean something else are refused, and the list of play's own ends below them", async () => {
    for (const [code, whose] of [
      [3, 'play itself'],
      [130, 'shells'],
    ]) {
      desk.file('site.yml', `- hosts: localhost\n  tasks: [{ exit: ${code} }]\n`);
      expect((await said(['site.yml']))[0]).toContain(`the code ${code} has a meaning of ${whose}`);
    }
    const page = readFileSync(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8');
    const own = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(own.filter((code) => code >= 20 && code <= 125)).toEqual([]);
  });
});
