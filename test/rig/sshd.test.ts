import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { run } from './run.ts';
import { startSshd } from './sshd.ts';

describe('the test server', () => {
  test('plays many hosts on loopback addresses of their own', async () => {
    await using rig = await startSshd({ hosts: 300 });
    for (const host of ['web1', 'web251', 'web300']) {
      const { rc, stdout } = await rig.ssh(host, 'echo $SSH_CONNECTION');
      expect(rc).toBe(0);
      expect(stdout.trim().split(' ').slice(2)).toEqual([rig.addresses[Number(host.slice(3)) - 1], String(rig.port)]);
    }
    expect(rig.log()).toContain('Accepted publickey');
  });

  test('is not reachable from outside', async () => {
    await using rig = await startSshd();
    const local = readFileSync('/proc/net/tcp', 'utf8');
    expect(local).toContain(`:${rig.port.toString(16).toUpperCase().padStart(4, '0')} `);
    expect(readFileSync(`${rig.dir}/sshd_config`, 'utf8')).toContain('rdomain lo');
  });

  test('makes users with shells, files and sudo rights, and takes everything away again', async () => {
    const rig = await startSshd({
      accounts: {
        app: { shell: '/bin/bash', sudo: 'nopasswd', files: { '.bashrc': 'echo noise\n' } },
        ops: { password: "it's long", sudo: 'password' },
      },
    });
    const { app, ops } = rig.accounts;
    if (!app || !ops) throw new Error('no accounts');
    const asApp = await rig.ssh(`${app.name}@web1`, 'id -un; pwd; sudo -n id -un; echo $0');
    expect(asApp.stdout).toBe(`noise\n${app.name}\n${app.home}\nroot\nbash\n`);
    const asOps = await rig.ssh(`${ops.name}@web1`, "sudo -n true || sudo -S -p '' id -un", `${ops.password}\n`);
    expect(asOps.stdout).toBe('root\n');
    // A process that left its session must not outlive the rig either.
    await rig.ssh(`${app.name}@web1`, 'setsid sleep 1000 >/dev/null 2>&1 </dev/null &');
    await rig.ssh('web1', 'setsid sleep 1001 >/dev/null 2>&1 </dev/null &');
    await rig.stop();
    expect((await run('id', [app.name])).rc).not.toBe(0);
    expect((await run('pgrep', ['-f', '^sleep 100[01]$'])).stdout).toBe('');
    expect(existsSync(`/etc/sudoers.d/${app.name}`)).toBe(false);
    expect(existsSync(rig.dir)).toBe(false);
  });

  test('goes down, comes back, and can come back as another machine', async () => {
    await using rig = await startSshd({ hostKeys: ['ed25519', 'rsa'] });
    const before = rig.sshConfigFile();
    expect(rig.hostKeys).toHaveLength(2);
    await rig.down();
    expect((await rig.ssh('web1', 'true')).stderr).toContain('Connection refused');
    await rig.up();
    expect((await rig.ssh('web1', 'true')).rc).toBe(0);
    await rig.down();
    await rig.up({ newHostKeys: true });
    expect((await rig.ssh('web1', 'true')).rc).toBe(0);
    expect((await run('ssh', ['-F', before, 'web1', 'true'])).stderr).toContain('Host key verification failed');
  });

  test('takes settings and passwords', async () => {
    await using rig = await startSshd({
      accounts: { pass: { password: 'secret' } },
      settings: { PasswordAuthentication: 'yes', MaxSessions: '1' },
    });
    expect(rig.log()).toBeTypeOf('string');
    const methods = await run('ssh', [
      ...['-F', rig.sshConfigFile(), '-o', 'PubkeyAuthentication=no', '-v', `${rig.accounts.pass?.name}@web1`, 'true'],
    ]);
    expect(methods.stderr).toContain('Permission denied (publickey,password)');
  });

  test('drops sessions and goes on listening', async () => {
    await using rig = await startSshd();
    const running = rig.ssh('web1', 'sleep 1000');
    while (!rig.log().includes('Starting session')) await new Promise((resolve) => setTimeout(resolve, 20));
    await rig.dropSessions();
    expect((await running).rc).toBe(255);
    expect((await rig.ssh('web1', 'echo back')).stdout).toBe('back\n');
  });
});
