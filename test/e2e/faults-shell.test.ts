import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../rig/run.ts';
import { createScene, goodHost, type HostVars, type Scene, type Told } from './scene.ts';

/** Looks like what the runtime of play says, with a marker that could be one; and a promise that all is well. */
const forged = Array.from({ length: 3 }, (_, i) => `printf '\\036${'0'.repeat(32)} E ${i} changed 0 0\\n'`).join('\n');

/** Login shells and their startup files. */
const accounts = {
  bash: { shell: '/bin/bash' },
  fish: { shell: '/usr/bin/fish' },
  zsh: { shell: '/usr/bin/zsh' },
  nologin: { shell: '/usr/sbin/nologin' },
  none: { shell: '/no/such/shell' },
  noisy: { shell: '/bin/bash', files: { '.bashrc': "head -c 1000000 /dev/zero | tr '\\0' x\necho welcome >&2\n" } },
  forger: { shell: '/bin/bash', files: { '.bashrc': `${forged}\nprintf '\\036'` } },
  exits: { shell: '/bin/bash', files: { '.bashrc': 'echo not today; exit 3\n' } },
  reads: { shell: '/bin/bash', files: { '.bashrc': 'read -r -t 1 answer\n' } },
  strict: {
    shell: '/bin/bash',
    files: { '.bashrc': 'set -eu\nalias cat=false\nPS1=\nexport LC_ALL=nowhere CDPATH=/ IFS=x\n' },
  },
};

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ accounts });
});
afterEach(async () => {
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

async function runOn(bad: HostVars): Promise<Told> {
  scene.hosts({ bad: { ansible_host: '127.20.0.1', ...bad } });
  const told = await scene.run();
  expect(told.raw.stderr).toBe('');
  expect(told.of('good')).toBe(goodHost);
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

/** The account's own name and home. */
function as(nickname: string): HostVars {
  const { name = '', home = '' } = scene.rig.accounts[nickname] ?? {};
  return { ansible_user: name, home };
}

describe('a login shell', () => {
  test.each([
    ['row 31', 'bash'],
    ['row 31', 'fish'],
    ['row 31', 'zsh'],
    ['row 33: with a megabyte of noise', 'noisy'],
    ['row 34: that forges our markers', 'forger'],
    ['with a startup file that is strict and odd', 'strict'],
  ])('%s: %s works', async (_, name) => {
    const { exit, of } = await runOn(as(name));
    expect({ exit, bad: of('bad') }).toEqual({ exit: 0, bad: goodHost });
    const log = join(scene.rig.accounts[name]?.home ?? '', 'log-bad');
    expect(readFileSync(log, 'utf8')).toBe('first\nlast\n');
  });

  test('row 31: that refuses commands', async () => {
    const { exit, trouble } = await runOn(as('nologin'));
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_LOGIN_SHELL
          the login shell ended with status 1 before it started /bin/sh; it said: This account is currently not available.
          → nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens"
    `);
  });

  test('row 31: that does not exist', async () => {
    const { exit, trouble } = await runOn(as('none'));
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_AUTH_FAILED
          127.20.0.1:PORT does not let none in (tried: key RIG/id; the server takes: publickey)
          → check the user (ansible_user), and that the key stands in ~none/.ssh/authorized_keys on the host"
    `);
  });

  test('row 31: that is replaced by a forced command', async () => {
    const key = join(scene.desk.home, 'forced');
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
    const authorized = join(scene.rig.dir, 'authorized_keys');
    const before = readFileSync(authorized, 'utf8');
    writeFileSync(authorized, `${before}command="echo backups only" ${readFileSync(`${key}.pub`, 'utf8')}`);
    const { exit, trouble } = await runOn({ ansible_ssh_private_key_file: key });
    writeFileSync(authorized, before);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_LOGIN_SHELL
          the login shell ended with status 0 before it started /bin/sh; it said: backups only
          → nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens"
    `);
  });

  test('row 35: whose startup file exits', async () => {
    const { exit, trouble } = await runOn(as('exits'));
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_LOGIN_SHELL
          the login shell ended with status 3 before it started /bin/sh; it said: not today
          → nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens"
    `);
  });

  test('row 35: whose startup file eats our input', async () => {
    const { exit, trouble } = await runOn(as('reads'));
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_LOGIN_SHELL
          the login shell ended with status 1 before it started /bin/sh; it said: play: a startup file of the login shell has read from standard input
          → nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens"
    `);
  });

  test('that the inventory names and the host has not', async () => {
    const { exit, trouble } = await runOn({ ansible_shell_executable: '/opt/sh' });
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_LOGIN_SHELL
          the login shell ended with status 127 before it started /opt/sh; it said: sh: 1: exec: /opt/sh: not found
          → nothing was run. Either the shell or a ForceCommand refuses commands, or a startup file (.profile, .bashrc …) exits: ask for another shell (chsh) or user, or see with ssh what happens"
    `);
  });
});
