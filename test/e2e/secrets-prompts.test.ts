import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encrypt } from '../../src/secrets/age.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await createDesk();
});
afterEach(() => desk?.[Symbol.asyncDispose]());

const playbook = `- hosts: localhost\n  tasks:\n    - shell: 'echo "got {{word}}" > out'\n      cwd: DIR\n    - debug: { msg: '{{word}}' }\n`;
const sealed = async (path: string, plain: string | Uint8Array): Promise<void> => {
  const bytes = await encrypt(Buffer.from(plain), { passphrase: 'open sesame' });
  execFileSync('tee', [desk.file(path, '')], { input: bytes });
};

describe('what a passphrase protects', () => {
  test('a file of variables is opened with one that is asked for once, and never echoed', async () => {
    await sealed('host_vars/localhost.yml.age', 'word: from-the-file\n');
    await sealed('files/other.age', 'another one with the same');
    desk.file('site.yml', `${playbook.replace('DIR', desk.dir)}    - copy: { src: other.age, dest: '${desk.dir}/' }\n`);
    const playing = await desk.start(['site.yml', '-o', 'lines'], { tty: true });
    await playing.says('Passphrase for host_vars/localhost.yml.age');
    playing.type('open sesame\r');
    const { exit, stdout } = await playing.done;
    expect(exit).toBe(0);
    expect(readFileSync(join(desk.dir, 'out'), 'utf8')).toBe('got from-the-file\n');
    expect(readFileSync(join(desk.dir, 'other'), 'utf8')).toBe('another one with the same');
    expect(stdout).not.toMatch(/sesame|from-the-file/);
    expect(stdout.match(/✔.*Passphrase for/g)).toHaveLength(1);
  });

  test('so is the private key itself', async () => {
    const { stdout: made } = await desk.play(['secret', 'keygen', '-o', 'plain.key']);
    await sealed('~/.config/play/identity', readFileSync(join(desk.dir, 'plain.key')));
    execFileSync('chmod', ['600', join(desk.home, '.config/play/identity')]);
    desk.file('site.yml', playbook.replace('DIR', desk.dir));
    execFileSync('age', ['-r', made.trim(), '-o', desk.file('group_vars/all.yml.age', '')], {
      input: 'word: by-key\n',
    });
    desk.file('hosts.yml', 'all: { hosts: { localhost: { ansible_connection: local } } }');
    const playing = await desk.start(['site.yml', '-i', 'hosts.yml', '-o', 'lines'], { tty: true });
    await playing.says('Passphrase for');
    playing.type('open sesame\r');
    expect((await playing.done).exit).toBe(0);
    expect(readFileSync(join(desk.dir, 'out'), 'utf8')).toBe('got by-key\n');
  });

  test('without a terminal, and with a wrong one, it stays closed', async () => {
    desk.file('site.yml', playbook.replace('DIR', desk.dir));
    await sealed('host_vars/localhost.yml.age', 'word: closed\n');
    const alone = await desk.play(['site.yml']);
    expect(alone.exit).not.toBe(0);
    expect(alone.stderr).toContain('Passphrase for host_vars/localhost.yml.age');
    const playing = await desk.start(['site.yml'], { tty: true });
    await playing.says('Passphrase for');
    playing.type('open barley\r');
    const wrong = await playing.done;
    expect(wrong.exit).toBe(7);
    expect(wrong.stdout).toContain('was not made with that passphrase');
    const linted = await desk.play(['lint', 'site.yml']);
    expect([linted.exit, linted.stderr]).toEqual([
      0,
      'note: not opened, so not checked: 1 encrypted file; name the key with --identity\n',
    ]);
  });

  test('a secret too short to be masked is told of', async () => {
    desk.file('site.yml', `- hosts: localhost\n  vars: { pin: PIN }\n  tasks:\n    - debug: { msg: 'pin {{pin}}' }\n`);
    await desk.play(['secret', 'keygen']);
    const { stdout: value } = await desk.play(['secret', 'encrypt', '--value'], { stdin: '123' });
    desk.file(
      'site.yml',
      readFileSync(join(desk.dir, 'site.yml'), 'utf8').replace(
        '{ pin: PIN }',
        `\n    pin: ${value.trim().replaceAll('\n', '\n      ')}`,
      ),
    );
    const { exit, stdout, stderr } = await desk.play(['site.yml', '-o', 'lines']);
    expect(exit).toBe(0);
    expect(stdout + stderr).toContain('is a secret of fewer than 4 bytes and is not masked');
  });
});
