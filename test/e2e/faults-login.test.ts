import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, must } from '../rig/run.ts';
import { createScene, goodHost, type HostVars, type Scene, type Told } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({
    accounts: { pass: { password: 'correct horse' } },
    settings: { PasswordAuthentication: 'yes' },
  });
});
afterEach(async () => {
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

async function runOn(bad: HostVars, env: Record<string, string> = {}): Promise<Told> {
  scene.hosts({ bad: { ansible_host: '127.20.0.1', ...bad } });
  const told = await scene.run(undefined, { env });
  expect(told.raw.stderr).toBe('');
  expect(told.of('good')).toBe(goodHost);
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

/** A private key of the user at the desk. */
async function newKey(name: string, passphrase = ''): Promise<string> {
  const file = join(scene.desk.home, name);
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', file]);
  return file;
}

describe('row 6: a login that is refused', () => {
  test('with the wrong key', async () => {
    const { exit, trouble, verdict } = await runOn({ ansible_ssh_private_key_file: await newKey('other') });
    expect({ exit, verdict }).toEqual({ exit: 7, verdict: '✖ unreachable · 1 of 2 hosts · 3 changed' });
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_AUTH_FAILED
          127.20.0.1:PORT does not let app in (tried: key DESK/other; the server takes: publickey, password)
          → check the user (ansible_user), and that the key stands in ~app/.ssh/authorized_keys on the host"
    `);
  });

  test('with the wrong password, which is sent once', async () => {
    const account = scene.rig.accounts['pass']?.name ?? '';
    const before = scene.rig.log().length;
    const key = await newKey('stranger');
    const { exit, trouble } = await runOn({
      ansible_user: account,
      ansible_password: 'wrong horse',
      ansible_ssh_private_key_file: key,
    });
    expect(exit).toBe(7);
    expect(trouble.replaceAll(account, 'pass')).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_AUTH_FAILED
          127.20.0.1:PORT does not let pass in (tried: key DESK/stranger, password; the server takes: publickey, password)
          → check the user (ansible_user), the password, which was sent once so that no account gets locked, and that the key stands in ~pass/.ssh/authorized_keys on the host"
    `);
    expect(
      scene.rig
        .log()
        .slice(before)
        .match(/Failed password/g),
    ).toHaveLength(1);
  });
});

describe('row 7: a key file', () => {
  const unusable: [string, () => Promise<string>][] = [
    ['that does not exist', async () => join(scene.desk.home, 'none')],
    [
      'that others can read',
      async () => {
        const file = await newKey('open');
        chmodSync(file, 0o644);
        return file;
      },
    ],
    ['with a passphrase that nobody gives', () => newKey('locked', 'secret')],
    [
      'that is none',
      async () => {
        const file = join(scene.desk.home, 'notes');
        writeFileSync(file, 'remember the milk\n', { mode: 0o600 });
        return file;
      },
    ],
    ['that is the public half', async () => `${await newKey('half')}.pub`],
  ];
  test('that cannot be used is named before the host is contacted', async () => {
    const files = await Promise.all(unusable.map(([, make]) => make()));
    const bad = files.map((file, i) => [`bad${i}`, { ansible_host: '127.20.0.1', ansible_ssh_private_key_file: file }]);
    scene.hosts(Object.fromEntries(bad));
    const before = scene.rig.log().length;
    const { exit, trouble, of } = await scene.run();
    expect(exit).toBe(7);
    expect(of('good')).toBe(goodHost);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad0  unreachable  E_KEY_FILE
          the key file DESK/none does not exist
          → check ansible_ssh_private_key_file, or IdentityFile in ssh_config

      ✖ bad1  unreachable  E_KEY_FILE
          the key file DESK/open can be read by others (mode 0644)
          → chmod 600 DESK/open

      ✖ bad2  unreachable  E_KEY_FILE
          the key file DESK/locked needs a passphrase
          → load it into an agent (ssh-add DESK/locked), or run play on a terminal to be asked

      ✖ bad3  unreachable  E_KEY_FILE
          the key file DESK/notes is not a private key that play can read (Unsupported key format)
          → keys of OpenSSH, PEM and PuTTY work; convert others with: ssh-keygen -p -f FILE

      ✖ bad4  unreachable  E_KEY_FILE
          the key file DESK/half.pub is a public key
          → use the private half: DESK/half"
    `);
    // One connection: that of the host that works.
    expect(
      scene.rig
        .log()
        .slice(before)
        .match(/Connection from/g),
    ).toHaveLength(1);
    const shown = await scene.show();
    expect(shown.trouble).toBe(trouble);
  });
});

describe('row 8: an agent', () => {
  const noKey = { ansible_ssh_private_key_file: '' };

  test('that is gone, with nothing else to log in with', async () => {
    const { exit, trouble, raw } = await runOn(noKey, { SSH_AUTH_SOCK: join(scene.desk.home, 'gone') });
    expect(exit).toBe(7);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_AGENT
          the ssh-agent cannot be used (nothing answers at DESK/gone), and there is nothing else to log in with
          → check SSH_AUTH_SOCK with ssh-add -l, or give a key (ansible_ssh_private_key_file)"
    `);
    expect(raw.stdout).toContain('going on without it\n');
  });

  test('that hangs is given up, and the keys of ~/.ssh are tried', async () => {
    const socket = join(scene.desk.home, 'silent');
    const open: Socket[] = [];
    const server = createServer((one) => open.push(one)).listen(socket);
    await once(server, 'listening');
    const key = join(scene.desk.home, '.ssh', 'id_ed25519');
    copyFileSync(scene.rig.key, key);
    chmodSync(key, 0o600);
    const told = await runOn(noKey, { SSH_AUTH_SOCK: socket });
    expect({ exit: told.exit, bad: told.of('bad') }).toEqual({ exit: 0, bad: goodHost });
    expect(told.raw.stdout).toContain('ssh-agent: the agent does not answer within 5 s; going on without it\n');
    expect(told.ms).toBeLessThan(20_000);
    for (const one of open) one.destroy();
    server.close();
  });

  test('that works is used', async () => {
    const socket = join(scene.desk.home, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await eventually('the agent', 5_000, () => {
      try {
        return readFileSync('/proc/net/unix', 'utf8').includes(socket) ? true : undefined;
      } catch {
        return undefined;
      }
    });
    await must('/bin/sh', ['-c', `SSH_AUTH_SOCK=${socket} ssh-add -q ${scene.rig.key}`]);
    const told = await runOn(noKey, { SSH_AUTH_SOCK: socket });
    expect({ exit: told.exit, bad: told.of('bad') }).toEqual({ exit: 0, bad: goodHost });
    agent.kill();
    await once(agent, 'exit');
  });
});
