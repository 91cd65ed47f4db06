import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMailServer } from '../mail/server.ts';
import { createDesk, type Desk, type Played } from '../rig/cli.ts';
import { startHook } from '../sinks/hook.ts';
import { quotedForms } from './secret-forms.ts';

/** Nobody writes these by chance. One from `!secret`, one from an encrypted file of variables, one line of a file that is copied. */
const value = `cAnary "q'uote" $1/<&>`;
const inFile = 'fIle-canary-8813';
const keyLines = [
  '-----BEGIN KEY-----',
  'kEyline-canary-5521-abcdef',
  'kEyline-canary-5522-ghijkl',
  '-----END KEY-----',
];

/** Every way in which values come out of a task: output at once and in pieces, results, names, labels, messages, diffs, failures. */
const playbook = (secret: string): string => `
- name: all ways out
  hosts: localhost
  vars:
    pass: ${secret}
    dsn: 'postgres://app:{{lower token}}@db'
    config: { user: app, pass: '{{pass}}' }
  tasks:
    - name: name {{pass}}
      shell: |
        printf '%s\\n' {{pass}} {{token}} {{dsn}}
        printf '%s' {{pass}} | base64
        printf 'user:%s' {{pass}} | base64
        printf '%s' {{pass}} | od -An -tx1 | tr -d ' \\n'; echo
        set -x; : {{pass}}; set +x
        t={{token}}; printf '%s' "\${t%canary*}"; sleep 0.1; printf '%s\\n' "canary\${t#*canary}"
        ps -ef -ww
      register: out
    - name: processes
      shell: 'sleep 0.1 & : {{pass}} {{token}}; ps -e -ww -o args > "{{run_dir}}/ps.txt"; wait'
    - name: results
      debug: { var: out }
    - name: what is made of it
      debug: { msg: '{{upper token}} {{replace pass "c" "k"}} {{= token.substring(3)}} {{json config}}' }
    - name: facts
      set_fact: { again: '{{pass}}', digest: '{{upper pass}}' }
    - name: file
      copy: { content: "before\\npass={{pass}}\\ntoken={{token}}\\n", dest: '{{run_dir}}/app.conf' }
    - name: line
      lineinfile: { path: '{{run_dir}}/app.conf', line: 'token={{token}}!' }
    - name: key
      copy: { src: app.key.age, dest: '{{run_dir}}/app.key' }
    - name: template
      template: { src: app.ini.hbs.age, dest: '{{run_dir}}/app.ini' }
    - name: shown key
      shell: 'cat "{{run_dir}}/app.key" | sed "s/^/key: /"; cat "{{run_dir}}/app.ini"'
      check_mode: false
      ignore_errors: true
    - name: loop
      shell: 'echo {{item.p}}'
      loop: [{ p: '{{pass}}' }, { p: '{{token}}' }]
    - name: again
      shell: 'echo {{token}}; exit 1'
      retry: { attempts: 2, delay: 10ms }
      ignore_errors: true
    - name: said on stderr
      shell: 'echo {{pass}} >&2; exit 4'
      ignore_errors: true
    - name: bad parameter
      file: { path: '{{run_dir}}/x', state: '{{token}}' }
      ignore_errors: true
    - name: assertion
      assert: { that: 'token == "other"', fail_msg: 'it was {{token}}' }
      ignore_errors: true
    - name: hidden
      shell: 'echo nolog-cAnary-output; echo nolog-cAnary-error >&2; exit 1'
      no_log: true
      register: hidden
      ignore_errors: true
    - name: the register is there
      assert: { that: 'hidden.stdout.size() > 5' }
    - name: end
      fail: { msg: 'stopped: {{token}} {{pass}}' }
`;

describe('no secret is shown or recorded', () => {
  let desk: Desk;
  const canaries = new Map<string, string>();
  beforeAll(async () => {
    desk = await createDesk();
    const { stdout } = await desk.play(['secret', 'keygen']);
    const recipient = stdout.trim();
    const lock = (plain: string, ...args: string[]): Buffer =>
      execFileSync('age', ['-r', recipient, ...args], { input: plain });
    const armored = lock(value, '-a').toString('utf8').trimEnd().replaceAll('\n', '\n      ');
    desk.file('site.yml', playbook(`!secret |\n      ${armored}`));
    desk.file('group_vars/all.yml', `run_dir: ${desk.dir}\n`);
    for (const [path, plain] of [
      ['group_vars/all/token.yml.age', `token: ${inFile}\n`],
      ['files/app.key.age', `${keyLines.join('\n')}\n`],
      ['templates/app.ini.hbs.age', `[app]\ntoken = {{token}}\nother = iNi-canary-7788\n`],
    ] as const) {
      const at = desk.file(path, '');
      execFileSync('age', ['-r', recipient, '-o', at], { input: plain });
    }
    desk.file('hosts.yml', 'all: { hosts: { localhost: { ansible_connection: local } } }');
    for (const secret of [value, inFile, keyLines[1]!, 'iNi-canary-7788']) {
      for (const [name, text] of quotedForms(secret)) canaries.set(`${secret} as ${name}`, text);
    }
    for (const made of [inFile.toUpperCase(), inFile.slice(3)]) canaries.set(made, made);
    canaries.set('no_log output', 'nolog-cAnary-output\n');
    canaries.set('no_log error', 'nolog-cAnary-error\n');
  });
  afterAll(() => desk?.[Symbol.asyncDispose]());

  const leaks = (text: string): string[] =>
    [...canaries].filter(([, canary]) => text.includes(canary)).map(([name]) => name);
  const said = ({ stdout, stderr }: Played): string => stdout + stderr;
  /** Everything that the run left below a folder. */
  const recorded = (folder: string): string =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
  const state = (): string => join(desk.dir, '..', 'state');

  test.each([
    ['lines', ['-v', '--diff', '-o', 'lines'], false],
    ['lines in check mode', ['-v', '--check', '--diff', '-o', 'lines'], false],
    ['json', ['--diff', '-o', 'json'], false],
    ['quiet', ['--diff', '-o', 'quiet'], false],
    ['live', ['-v', '--diff', '-o', 'live'], true],
  ] as const)(
    '%s',
    async (_, args, tty) => {
      const played = await desk.play(['site.yml', '-i', 'hosts.yml', ...args], { tty, env: { COLUMNS: '300' } });
      expect(leaks(said(played))).toEqual([]);
      expect(said(played)).toContain('***');
      expect(played.exit).toBe(3);
      expect(leaks(recorded(state()))).toEqual([]);
      const shown = await desk.play(['show', '--output'], {});
      expect(leaks(said(shown))).toEqual([]);
      expect(said(shown)).toContain('***');
    },
    60_000,
  );

  test('logs and reports', async () => {
    await using hook = await startHook();
    await using mails = await startMailServer();
    const server = createSocket('udp4');
    const datagrams: Buffer[] = [];
    server.on('message', (message) => datagrams.push(message));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const mail = `host: 127.0.0.1, port: ${mails.port}, from: a@x.io, to: b@x.io`;
    const site = readFileSync(join(desk.dir, 'site.yml'), 'utf8');
    const words =
      '    - log: { level: error, msg: "log {{pass}}", fields: { token: "{{token}}", list: ["{{pass}}"] } }\n';
    desk.file(
      'logged.yml',
      `name: logged
logging:
  level: debug
  file: [logs/text.log, logs/json.jsonl, { path: logs/fmt.log, format: logfmt }]
  syslog: udp://127.0.0.1:${server.address().port}
  webhook: ${hook.url}/log
report:
  - { on: always, mail: { ${mail} } }
  - { on: always, mail: { ${mail}, subject: told, html: '<pre>{{html_escape run.summary}}</pre>' } }
  - { on: always, webhook: ${hook.url}/json }
  - { on: always, webhook: { url: '${hook.url}/slack', format: slack } }
  - { on: always, webhook: { url: '${hook.url}/teams', format: teams } }
plays:${site.replace('  tasks:\n', `  tasks:\n${words}`)}`,
    );
    for (const args of [[], ['--check']]) {
      const played = await desk.play([
        'logged.yml',
        '-i',
        'hosts.yml',
        '--diff',
        '-v',
        '--log-file',
        'logs/own.log',
        ...args,
      ]);
      expect(played.exit).toBe(3);
      expect(leaks(said(played))).toEqual([]);
    }
    await expect.poll(() => datagrams.length).toBeGreaterThan(40);
    server.close();
    const everywhere = {
      files: recorded(join(desk.dir, 'logs')),
      syslog: Buffer.concat(datagrams).toString('utf8'),
      webhooks: JSON.stringify(hook.told.map(({ body }) => body)),
      mails: mails.received
        .map(({ raw }) => raw.toString('latin1').replace(/=\r\n/g, '').replace(/=3D/g, '='))
        .join('\n'),
    };
    expect(mails.received).toHaveLength(2);
    expect(new Set(hook.told.map(({ path }) => path))).toEqual(new Set(['/log', '/json', '/slack', '/teams']));
    for (const [where, text] of Object.entries(everywhere)) {
      expect(leaks(text), where).toEqual([]);
      expect(text, where).toContain('***');
    }
  }, 60_000);

  test('the hosts got the values as they are', async () => {
    const text = (file: string): string => readFileSync(join(desk.dir, file), 'utf8');
    expect(text('app.conf')).toBe(`before\npass=${value}\ntoken=${inFile}\ntoken=${inFile}!\n`);
    expect(text('app.key')).toBe(`${keyLines.join('\n')}\n`);
    expect(text('app.ini')).toBe(`[app]\ntoken = ${inFile}\nother = iNi-canary-7788\n`);
  });

  test('no process on the host had one in its arguments', () => {
    const processes = readFileSync(join(desk.dir, 'ps.txt'), 'utf8');
    expect(processes).toContain('sleep 0.1');
    expect(leaks(processes)).toEqual([]);
  });

  test('a diff beside a secret shows neither side', async () => {
    desk.file('app.conf', 'pass=the one before\nlast\n');
    const { stdout } = await desk.play(['site.yml', '-i', 'hosts.yml', '--diff', '-o', 'lines']);
    expect(stdout).not.toContain('the one before');
    expect(stdout).toContain('2 removed, 3 added; not shown, because a secret is among them');
  });

  test('mistakes in what is encrypted are told without its lines', async () => {
    const key = readFileSync(join(desk.home, '.config/play/identity'), 'utf8');
    const recipient = /age1\w+/.exec(key)?.[0] ?? '';
    const at = desk.file('host_vars/localhost.yml.age', '');
    execFileSync('age', ['-r', recipient, '-o', at], { input: `a: [bRoken-canary-1\nb: {{bRoken-canary-2}}\n` });
    const played = await desk.play(['lint', 'site.yml', '-i', 'hosts.yml']);
    execFileSync('rm', [at]);
    expect(played.exit).toBe(2);
    expect(said(played)).toContain('host_vars/localhost.yml.age');
    expect(said(played)).not.toMatch(/bRoken/);
  });
});
