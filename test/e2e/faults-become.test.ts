import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createScene, type HostVars, type Scene, type Told } from './scene.ts';

/* Rows 26 to 30: sudo asks, refuses, lectures, wants a terminal, or leads to someone who may read nothing. */
const password = 'correct horse';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({
    app: { sudo: 'nopasswd' },
    accounts: {
      asks: { password, sudo: 'password' },
      lecture: { password, sudo: '%s ALL=(ALL:ALL) PASSWD: ALL\nDefaults:%s lecture=always' },
      german: { password, sudo: 'password', files: { '.profile': 'export LANG=de_DE.UTF-8 LANGUAGE=de\n' } },
      tty: { password, sudo: '%s ALL=(ALL:ALL) NOPASSWD: ALL\nDefaults:%s requiretty' },
      none: { password },
      some: { sudo: '%s ALL=(nobody) NOPASSWD: ALL' },
    },
  });
});
afterEach(async () => {
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const book = JSON.stringify([
  {
    hosts: 'all',
    tasks: [
      { name: 'before', shell: 'echo before' },
      { name: 'as another', shell: 'id -un', become: true, become_user: '{{become_as}}' },
      { name: 'after', shell: 'id -un' },
    ],
  },
]);

/** Runs as root, or as `become`, on the host `bad`, where the login is that account. */
async function runAs(
  account: string,
  { vars = {}, become = 'root' }: { vars?: HostVars; become?: string } = {},
): Promise<Told> {
  const name = scene.rig.accounts[account]?.name ?? '';
  scene.desk.file('become.yml', book);
  scene.hosts({ bad: { ansible_host: '127.20.0.1', ansible_user: name, become_as: become, ...vars } });
  scene.desk.file('group_vars/all.yml', 'become_as: root\n');
  const told = await scene.run(['become.yml']);
  expect(told.raw.stderr).toBe('');
  expect(told.of('good')).toBe('changed before\n  │ before\nchanged as another\n  │ root\nchanged after\n  │ app');
  // Whatever happened, sudo's password is in no output and no file of the run.
  expect(told.raw.stdout).not.toContain(password);
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  return told;
}

test('row 26: sudo wants a password and there is none', async () => {
  const { exit, trouble, of, ms } = await runAs('asks');
  expect(exit).toBe(7);
  expect(trouble).toMatchInlineSnapshot(`
    "✖ bad  as another  become.yml:1  E_BECOME
        sudo did not let this login become root: sudo: a password is required
        → give \`become_password\` (or ansible_become_password, or --ask-become-pass), or add a NOPASSWD rule in sudoers on the host"
  `);
  expect(of('bad')).toMatchInlineSnapshot(`
    "changed before
      │ before
    failed as another become.yml:1
      sudo did not let this login become root: sudo: a password is required
      → give \`become_password\` (or ansible_become_password, or --ask-become-pass), or add a NOPASSWD rule in sudoers on the host"
  `);
  expect(ms).toBeLessThan(10_000);
});

describe('row 27: a password', () => {
  test('that is right', async () => {
    const { exit, of } = await runAs('asks', { vars: { ansible_become_password: password } });
    expect(exit).toBe(0);
    expect(of('bad')).toBe('changed before\n  │ before\nchanged as another\n  │ root\nchanged after\n  │ asks');
  });

  test('that is wrong is tried once', async () => {
    const { exit, trouble } = await runAs('asks', { vars: { ansible_become_password: 'wrong horse' } });
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  as another  become.yml:1  E_BECOME_PASSWORD
          sudo refused the password for becoming root
          → it was tried once and not again, so that the account is not locked; correct become_password"
    `);
  });

  test('that is not needed does no harm', async () => {
    const { exit, of } = await runAs('some', { vars: { ansible_become_password: password }, become: 'nobody' });
    expect(exit).toBe(0);
    expect(of('bad')).toBe('changed before\n  │ before\nchanged as another\n  │ nobody\nchanged after\n  │ some');
  });
});

test('row 28: sudo wants a terminal', async () => {
  const { exit, trouble } = await runAs('tty');
  expect(exit).toBe(7);
  expect(trouble).toMatchInlineSnapshot(`
    "✖ bad  as another  become.yml:1  E_BECOME
        sudo did not let this login become root: sudo: sorry, you must have a tty to run sudo
        → sudoers on the host wants a terminal (requiretty), which a run has not: turn it off there with Defaults:LOGIN !requiretty"
  `);
});

describe('row 29: what sudo says on the way', () => {
  test('a lecture is no output of the task', async () => {
    const { exit, of } = await runAs('lecture', { vars: { ansible_become_password: password } });
    expect({ exit, bad: of('bad') }).toEqual({
      exit: 0,
      bad: 'changed before\n  │ before\nchanged as another\n  │ root\nchanged after\n  │ lecture',
    });
  });

  test('in another language', async () => {
    const { exit, of } = await runAs('german', { vars: { ansible_become_password: password } });
    expect({ exit, bad: of('bad') }).toEqual({
      exit: 0,
      bad: 'changed before\n  │ before\nchanged as another\n  │ root\nchanged after\n  │ german',
    });
  });
});

describe('a login that sudo refuses', () => {
  test('everything', async () => {
    const { exit, trouble } = await runAs('none', { vars: { ansible_become_password: password } });
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  as another  become.yml:1  E_BECOME
          sudo did not let this login become root: none is not in the sudoers file.
          → add a rule for this login in sudoers on the host"
    `);
  });

  test('this user', async () => {
    const { exit, trouble } = await runAs('some');
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  as another  become.yml:1  E_BECOME
          sudo did not let this login become root: sudo: a password is required
          → give \`become_password\` (or ansible_become_password, or --ask-become-pass), or add a NOPASSWD rule in sudoers on the host"
    `);
  });

  test('because there is no such user', async () => {
    const vars = { ansible_become_password: password };
    const { exit, trouble } = await runAs('asks', { vars, become: 'no-such-user' });
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  as another  become.yml:1  E_BECOME
          sudo did not let this login become no-such-user: sudo: unknown user no-such-user
          → correct become_user, or create no-such-user in an earlier task"
    `);
  });
});

test('row 30: someone who may read nothing of the login, nor its temp files', async () => {
  const tasks = [
    { name: 'private', file: { path: '{{home}}/private-{{host.name}}', state: 'directory', mode: '0700' } },
    { name: 'who', shell: 'id -un; umask; echo "$HOME"', become: true, become_user: 'nobody' },
    {
      name: 'file',
      copy: { dest: '/tmp/of-nobody-{{host.name}}', content: 'x'.repeat(100_000), mode: '0600' },
      become: true,
      become_user: 'nobody',
    },
    {
      name: 'gone',
      file: { path: '/tmp/of-nobody-{{host.name}}', state: 'absent' },
      become: true,
      become_user: 'nobody',
    },
  ];
  scene.desk.file('nobody.yml', JSON.stringify([{ hosts: 'all', tasks }]));
  scene.hosts({ bad: { ansible_host: '127.20.0.1' } });
  const { exit, of } = await scene.run(['nobody.yml']);
  expect(exit).toBe(0);
  expect(of('bad')).toMatchInlineSnapshot(`
    "changed private
    changed who
      │ nobody
      │ 0022
      │ /nonexistent
    changed file
    changed gone"
  `);
  expect(scene.read(join('..', '.play'))).toBe('');
});
