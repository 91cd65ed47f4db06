import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectOptions, Target } from '../../src/model/transport.ts';
import { createSshTransport } from '../../src/transports/ssh.ts';
import { startProxy } from '../rig/proxy.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, talk, until } from '../transports/talk.ts';
import { newKeyPair, startLoneServer } from './lone-server.ts';
import { optionsOf, settingsOf, targetOf } from './reachable.ts';

let rig: Rig;
let jump: string;
const app = (): string => rig.accounts['app']?.name ?? '';
beforeAll(async () => {
  rig = await startSshd({ hosts: 30, accounts: { app: {} } });
  jump = `${app()}@${rig.addresses[0]}:${rig.port}`;
});
afterAll(() => rig?.stop());

/** A host that is reached through others; number 1 is the second host of the rig. */
const behind = (proxyJump: string, changed: Partial<Target> = {}, number = 1): Target =>
  targetOf(rig, { name: `web${number + 1}`, address: rig.addresses[number] ?? '', proxyJump, ...changed });
const connect = (target: Target, options: Partial<ConnectOptions> = {}) =>
  createSshTransport(settingsOf({ home: rig.dir })).connect(target, optionsOf(rig, options));
const logins = (since: number): number =>
  rig
    .log()
    .slice(since)
    .match(/Accepted publickey/g)?.length ?? 0;

describe('a host behind a jump host', () => {
  test('is reached', async () => {
    const before = rig.log().length;
    const connection = await connect(behind(jump));
    expect((await talk(connection, 'cat', 'through')).stdout.toString()).toBe('through');
    expect(logins(before)).toBe(2);
    await connection.close();
  });

  test('is reached through three of them', async () => {
    const before = rig.log().length;
    const way = [0, 2, 3].map((i) => `${rig.addresses[i]}:${rig.port}`).join(',');
    const connection = await connect(behind(`${app()}@${way.replaceAll(',', `,${app()}@`)}`));
    expect((await talk(connection, 'head -c 3000000 /dev/zero')).stdout.length).toBe(3_000_000);
    expect(logins(before)).toBe(4);
    await connection.close();
  });

  test('is reached as ssh_config says, the jump host by its own settings there', async () => {
    const file = join(rig.dir, 'config-jump');
    writeFileSync(
      file,
      `Host bastion\n  HostName ${rig.addresses[0]}\n  Port ${rig.port}\n  User ${app()}\n  IdentityFile ${rig.key}\n` +
        `Host inner\n  HostName ${rig.addresses[1]}\n  Port ${rig.port}\n  User ${app()}\n  IdentityFile ${rig.key}\n  ProxyJump bastion\n`,
    );
    const target: Target = { name: 'web2', transport: 'ssh', address: 'inner', shell: '/bin/sh' };
    const connection = await connect(target, { sshConfig: file });
    expect((await talk(connection, 'echo in')).stdout.toString()).toBe('in\n');
    await connection.close();
  });

  test('shares its connection with the others behind it', async () => {
    const before = rig.log().length;
    const transport = createSshTransport(settingsOf());
    const all = Array.from({ length: 25 }, (_, i) => transport.connect(behind(jump, {}, i + 2), optionsOf(rig)));
    const connections = await Promise.all(all);
    expect(logins(before)).toBe(26);
    await Promise.all(connections.slice(1).map((one) => one.close()));
    const [last] = connections;
    if (!last) throw new Error('no connection');
    expect((await talk(last, 'echo still in')).stdout.toString()).toBe('still in\n');
    await last.close();
    await until('the end of the jump connection', () =>
      /Disconnected from user|Connection closed by/.test(rig.log().slice(before)),
    );
    // A later host opens it anew.
    const again = await transport.connect(behind(jump), optionsOf(rig));
    await again.close();
  }, 60_000);
});

describe('a jump host that does not work is named', () => {
  test('when its key has changed: nothing is sent to it', async () => {
    await using server = await startLoneServer();
    const files = [join(rig.dir, 'kh-changed')];
    const stranger = newKeyPair().public;
    writeFileSync(files[0] ?? '', `[127.0.0.1]:${server.port} ${stranger}\n${rig.knownHosts()}`);
    const { code, message, exit } = await refused(
      connect(behind(`127.0.0.1:${server.port}`), { hostKeys: { files, acceptNew: true } }),
    );
    expect({ code, exit }).toEqual({ code: 'E_HOSTKEY_CHANGED', exit: 6 });
    expect(message).toMatch(/^web2: jump host 127\.0\.0\.1: THE HOST KEY OF 127\.0\.0\.1:\d+ HAS CHANGED/);
    expect(server.attempts).toEqual([]);
  });

  test('when it does not let us in, and it never sees the password of the host', async () => {
    await using server = await startLoneServer({ onAuth: (attempt) => attempt.reject(['password', 'publickey']) });
    const { code, message, exit } = await refused(
      connect(behind(`ops@127.0.0.1:${server.port}`, { password: 'secret' }), {
        hostKeys: { files: [join(rig.dir, 'kh-auth')], acceptNew: true },
      }),
    );
    expect({ code, exit }).toEqual({ code: 'E_AUTH_FAILED', exit: 7 });
    expect(message).toMatch(/^web2: jump host 127\.0\.0\.1: 127\.0\.0\.1:\d+ does not let ops in/);
    expect(server.attempts).toEqual(['publickey']);
  });

  test('when it does not let us in, it is not asked again for the next host', async () => {
    await using server = await startLoneServer({ onAuth: (attempt) => attempt.reject(['publickey']) });
    const transport = createSshTransport(settingsOf());
    const options = optionsOf(rig, { hostKeys: { files: [join(rig.dir, 'kh-once')], acceptNew: true } });
    for (const number of [1, 2, 3]) {
      const { code, message } = await refused(
        transport.connect(behind(`127.0.0.1:${server.port}`, {}, number), options),
      );
      expect(code).toBe('E_AUTH_FAILED');
      expect(message).toContain(`web${number + 1}: jump host 127.0.0.1:`);
    }
    expect(server.connections).toBe(1);
  });

  test('when nothing listens there', async () => {
    const { code, message } = await refused(connect(behind('127.0.0.1:1')));
    expect(code).toBe('E_CONNECT_REFUSED');
    expect(message).toBe('web2: jump host 127.0.0.1: nothing listens on 127.0.0.1:1 (connection refused)');
  });

  test('when it cannot reach the host', async () => {
    const { code, message, exit } = await refused(connect(behind(jump, { port: 1 })));
    expect({ code, exit }).toEqual({ code: 'E_JUMP_FORWARD', exit: 4 });
    expect(message).toBe(
      `web2: the jump host ${rig.addresses[0]} cannot open the way to ${rig.addresses[1]}:1: Connection refused`,
    );
  });

  test('when it may not forward', async () => {
    const strict = await startSshd({ accounts: { app: {} }, settings: { AllowTcpForwarding: 'no' } });
    const proxyJump = `${strict.accounts['app']?.name}@${strict.addresses[0]}:${strict.port}`;
    const files = [join(strict.dir, 'kh')];
    const target = targetOf(strict, { address: rig.addresses[1] ?? '', proxyJump });
    const { code, hint } = await refused(
      createSshTransport(settingsOf()).connect(target, optionsOf(strict, { hostKeys: { files, acceptNew: true } })),
    );
    await strict.stop();
    expect(code).toBe('E_JUMP_FORWARD');
    expect(hint).toContain('AllowTcpForwarding');
  });

  test('when it dies in the middle of a command', async () => {
    const proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
    const files = [join(rig.dir, 'kh-dies')];
    const connection = await connect(behind(`${app()}@127.0.0.1:${proxy.port}`), {
      hostKeys: { files, acceptNew: true },
    });
    let said = '';
    const pipe = await connection.open('echo start; sleep 5', {
      stdout: (chunk) => {
        said += chunk;
      },
      stderr: () => {},
    });
    await until('the start', () => said !== '');
    proxy.reset();
    expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'jump host 127.0.0.1: the connection was reset' });
    await connection.close();
    await proxy.stop();
  });
});

test('a jump host that is frozen does not hold the end up', async () => {
  const proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
  const connection = await connect(behind(`${app()}@127.0.0.1:${proxy.port}`), {
    hostKeys: { files: [join(rig.dir, 'kh-frozen')], acceptNew: true },
  });
  const pipe = await connection.open('sleep 5', { stdout: () => {}, stderr: () => {} });
  proxy.freeze();
  await connection.close();
  expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'closed before it ended' });
  await proxy.stop();
});

test('the key of the host behind it is verified as well', async () => {
  const files = [join(rig.dir, 'kh-inner')];
  const lines = rig.knownHosts().split('\n');
  writeFileSync(files[0] ?? '', lines.filter((line) => !line.startsWith(`[${rig.addresses[1]}]`)).join('\n'));
  const { code, message } = await refused(connect(behind(jump), { hostKeys: { files, acceptNew: false } }));
  expect(code).toBe('E_HOSTKEY_UNKNOWN');
  expect(message).toContain(`web2: the host key of ${rig.addresses[1]}:${rig.port} is not known`);
});

describe('a ProxyJump that cannot be', () => {
  test.each([
    ['a b', 'it is not [user@]host[:port]'],
    ['-oProxyCommand=x', 'it is not [user@]host[:port]'],
    ['host:99999', '99999 is no port'],
    ['user@', 'it is not [user@]host[:port]'],
    ['a,,b', 'it is not [user@]host[:port]'],
  ])('%s', async (spec, detail) => {
    const { code, message, exit } = await refused(connect(behind(spec)));
    expect({ code, exit }).toEqual({ code: 'E_JUMP_SPEC', exit: 2 });
    expect(message).toContain(detail);
  });

  test('a circle in ssh_config', async () => {
    const file = join(rig.dir, 'config-circle');
    writeFileSync(file, 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n');
    const { code, message } = await refused(connect(behind('a'), { sshConfig: file }));
    expect(code).toBe('E_JUMP_SPEC');
    expect(message).toContain('in a circle');
  });
});

test('none means no jump host, whatever ssh_config says', async () => {
  const file = join(rig.dir, 'config-none');
  writeFileSync(file, 'Host *\n  ProxyJump nowhere.invalid\n');
  const connection = await connect(behind('none'), { sshConfig: file });
  await connection.close();
});
