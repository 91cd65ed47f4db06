import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findShells } from '../modules/rig/shells.ts';
import { must } from '../rig/run.ts';
import { openStage, type Stage } from './stage.ts';

/* Dialogues with real programs that insist on a terminal, as a user behind a real sshd, and in every shell of this machine. */
let stage: Stage;
const shells = findShells();
beforeAll(async () => {
  stage = await openStage('ssh', 1);
  stage.desk.file(
    'shells.yml',
    JSON.stringify({
      shells: {
        hosts: Object.fromEntries(
          shells.shells.map(([name, path]) => [name, { ansible_connection: 'local', ansible_shell_executable: path }]),
        ),
      },
    }),
  );
});
afterEach(() => stage.clean());
afterAll(async () => {
  shells.remove();
  await stage?.[Symbol.asyncDispose]();
});

const home = (): string => stage.rig?.accounts['app']?.home ?? '';
const program = (name: string, text: string): string => {
  const path = join(home(), 'places', name);
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
  return path;
};
/** Asks on the terminal itself, whatever its input and output are. */
const insisting = `exec </dev/tty >/dev/tty 2>&1 || exit 9
printf 'Name: '; read -r name
printf 'Password: '; stty -echo; IFS= read -r password; stty echo; echo
case $(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ') in *"$password"*) echo 'seen in arguments' ;; esac
printf 'Continue? [y/n] '; read -r one
printf 'Really? [y/n] '; read -r two
echo "$name has \${#password}, $one, $two"
exit "\${1:-0}"
`;
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('.play-terminal-'));
const soon = async (holds: () => boolean): Promise<boolean> => {
  for (let i = 0; i < 100 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  return holds();
};

describe('expect', () => {
  test('answers a program that asks on its terminal; nobody sees the password', async () => {
    const path = program('ask', insisting);
    const { exit, stdout, stderr, told } = await stage.run(`
- hosts: all
  vars: { password: "it's $HOME & \\"s3cret\\" \\\\ ÿ" }
  tasks:
    - expect:
        command: ${path}
        responses: { 'Name: $': ann, '(?i)password: ': '{{password}}', '\\[y/n\\] ': [y, n] }
        timeout: 20
      register: talk
    - name: report
      debug: { msg: '{{talk.stdout}}' }
    - { name: lines, debug: { msg: '{{first talk.stdout_lines}}' } }
`);
    expect(exit, stdout + stderr).toBe(0);
    expect(told('web1', 'report')).toContain(`ann has ${Buffer.byteLength(`it's $HOME & "s3cret" \\ ÿ`)}, y, n`);
    expect(stdout).not.toMatch(/seen in|s3cret/);
    expect(told('web1', 'lines')).toMatch(/\bName:/);
    expect(leftovers()).toEqual([]);
  });

  test('sets a password with the real passwd, as its user, who is asked for the old one', async () => {
    const user = `playexpect${process.pid}`;
    const old = `Old-${randomBytes(8).toString('hex')}`;
    const password = `New-${randomBytes(8).toString('hex')}`;
    await must('useradd', ['--no-create-home', '--shell', '/bin/sh', user]);
    try {
      await must('chpasswd', [], `${user}:${old}\n`);
      const { exit, stdout, stderr } = await stage.run(`
- hosts: all
  become: true
  become_user: ${user}
  tasks:
    - expect:
        command: passwd
        responses: { '(?i)current password': '${old}', '(?i)new password': '${password}' }
        timeout: 20
`);
      expect(exit, stdout + stderr).toBe(0);
      const [, hash = ''] = (await must('getent', ['shadow', user])).split(':');
      const again = await must('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', password, hash]);
      expect(again).toBe(hash);
    } finally {
      await must('userdel', [user]);
    }
  });

  test('shows on stdout what is typed only with echo', async () => {
    const { stdout } = await stage.run(`
- hosts: all
  tasks:
    - { expect: { command: "sh -c 'printf q; read -r a'", responses: { q: typed } }, register: plain }
    - { expect: { command: "sh -c 'printf q; read -r a'", responses: { q: typed }, echo: true }, register: echoed }
    - { debug: { msg: 'plain [{{plain.stdout}}] echoed [{{echoed.stdout}}]' } }
`);
    expect(stdout).toContain('plain [q] echoed [qtyped]');
  });

  test('fails in clear words', { timeout: 90_000 }, async () => {
    const path = program('ask', insisting);
    const { did, told, stdout, stderr } = await stage.run(`
- hosts: all
  tasks:
    - { name: status, ignore_errors: true, expect: { command: '${path} 3', responses: { ':': a, '\\?': b } } }
    - { name: time, ignore_errors: true, expect: { command: '${path}', responses: { 'Nickname': a }, timeout: 1 } }
    - { name: list, ignore_errors: true, expect: { command: '${path}', responses: { ':': [a] } } }
    - { name: nothing, ignore_errors: true, expect: { command: /no/such, responses: { ':': a } } }
    - { name: killed, ignore_errors: true, expect: { command: "sh -c 'echo on my way; kill -9 $$'", responses: { ':': a } } }
    - { name: pattern, ignore_errors: true, expect: { command: 'true', responses: { '(': a } } }
    - { name: empty, ignore_errors: true, expect: { command: 'true', responses: { 'a*': a } } }
    - { name: long, ignore_errors: true, expect: { command: 'true', responses: { 'a': '{{repeat "x" 5000}}' } } }
    - { name: endless, ignore_errors: true, expect: { command: yes, responses: { y: a } } }
    - { name: script, ignore_errors: true, expect: { command: 'true', responses: { 'a': b } }, env: { PATH: /nowhere } }
`);
    expect(
      did('web1').filter((line) => line.startsWith('failed')),
      stdout + stderr,
    ).toHaveLength(10);
    expect(told('web1', 'status')).toContain('the program ended with status 3; it said last: a has 1, b, b');
    expect(told('web1', 'time')).toContain('was asked for 1 s, and the program was ended; it said last: Name:');
    expect(told('web1', 'list')).toContain('":" was asked more than once: no answer is left');
    expect(told('web1', 'nothing')).toContain('ended with status 127; it said last:');
    expect(told('web1', 'killed')).toContain('ended with status 137');
    expect(told('web1', 'pattern')).toContain('missing closing )');
    expect(told('web1', 'empty')).toContain('"a*" fits where nothing is');
    expect(told('web1', 'long')).toContain('has a line of more than 4095 bytes');
    expect(told('web1', 'endless')).toContain('responses fit what it prints more than 1000 times');
    expect(told('web1', 'script')).toContain(
      'a terminal needs the program script of util-linux or busybox on the host',
    );
    expect(leftovers()).toEqual([]);
  });

  test('is not needed, or not run in check mode', async () => {
    const book = `
- hosts: all
  tasks:
    - { expect: { command: 'touch made', responses: { a: b }, chdir: '{{place}}', creates: 'ma*' } }
    - { expect: { command: 'rm made', responses: { a: b }, chdir: '{{place}}', removes: made } }
    - { expect: { command: 'rm made', responses: { a: b }, chdir: '{{place}}', removes: made } }
`;
    const statuses = (lines: string[]) => lines.map((line) => line.split(' ')[0]).join();
    expect(statuses((await stage.run(book, ['--check'])).did('web1'))).toBe('unknown,ok,ok');
    expect(statuses((await stage.run(book)).did('web1'))).toBe('changed,changed,ok');
  });

  test('bears a program that prints what it likes, and much of it', async () => {
    const path = program(
      'hostile',
      `printf '\\036\\033[2J\\0\\377 E 1 ok 0 0\\n'
head -c 300000 /dev/zero | tr '\\0' 'x'
printf 'go\\303'; sleep 1; printf '\\251on: '; read -r a; echo "answer $a"
`,
    );
    const { exit, stdout, stderr, told } = await stage.run(`
- hosts: all
  tasks:
    - { expect: { command: '${path}', responses: { 'goéon: $': "\\x03 is not\\x1b[A" } }, register: r, ignore_errors: true }
    - { expect: { command: '${path}', responses: { 'goéon: $': fine } }, register: r }
    - { name: report, debug: { msg: '{{length r.stdout}} {{slice r.stdout -20}}' } }
`);
    expect(exit, stdout + stderr).toBe(0);
    expect(told('web1', 'report')).toContain('answer fine');
  });

  test('ends the program when the run is killed', async () => {
    const mark = `31${process.pid}`;
    const playing = await stage.start(
      `- hosts: all\n  tasks:\n    - expect: { command: 'sleep ${mark}', responses: { a: b }, timeout: null }\n`,
    );
    const runs = (): boolean => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`sleep ${mark}`);
    expect(await soon(runs)).toBe(true);
    playing.kill('SIGKILL');
    await playing.done;
    expect(await soon(() => !runs() && leftovers().length === 0)).toBe(true);
  });

  test('does so in every shell', async () => {
    const path = program('ask', insisting);
    const { exit, stdout, stderr, did } = await stage.run(
      `
- hosts: shells
  tasks:
    - expect: { command: '${path}', responses: { 'Name: $': ann, 'Password': "it's %s \\\\n", '\\[y/n\\] ': [y, n] } }
      register: talk
    - assert: { that: 'talk.stdout.endsWith("ann has 10, y, n")' }
`,
      ['-i', 'shells.yml'],
    );
    expect(exit, stdout + stderr).toBe(0);
    expect(shells.shells.map(([name]) => did(name).length)).toEqual(shells.shells.map(() => 2));
  });
});
