import { afterEach, describe, expect, test } from 'vitest';
import { createSshTransport } from '../../src/transports/ssh.ts';
import { startProxy } from '../rig/proxy.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, talk } from '../transports/talk.ts';
import { optionsOf, reach, settingsOf, targetOf } from './reachable.ts';

let rig: Rig;
afterEach(() => rig?.stop());

const silent = { stdout: () => {}, stderr: () => {} };

describe('the limits of sshd', () => {
  test('MaxStartups as it comes out of the box: 60 hosts at one address all get in', async () => {
    rig = await startSshd({ accounts: { app: {} }, settings: { MaxStartups: '10:30:100' } });
    const transport = createSshTransport(settingsOf());
    const all = Array.from({ length: 60 }, (_, i) =>
      transport.connect(targetOf(rig, { name: `web${i}` }), optionsOf(rig)),
    );
    const connections = await Promise.all(all);
    expect((await talk(connections[59] ?? (await reach(rig)), 'echo in')).stdout.toString()).toBe('in\n');
    await Promise.all(connections.map((one) => one.close()));
    expect(rig.log()).not.toContain('MaxStartups throttling');
  }, 60_000);

  test('a server that has too many logins is tried again, and in the end quoted', async () => {
    rig = await startSshd({ accounts: { app: {} } });
    const proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
    proxy.garbage('Exceeded MaxStartups\r\n');
    const target = { address: '127.0.0.1', port: proxy.port };
    const { code, message, hint, exit } = await refused(reach(rig, { target }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_DROPPED', exit: 4 });
    expect(message).toBe(
      `web1: 127.0.0.1:${proxy.port} closed the connection while waiting for the SSH greeting; it said: Exceeded MaxStartups`,
    );
    expect(hint).toContain('MaxStartups');
    expect(proxy.connections.total).toBe(3);

    proxy.garbage('Not allowed at this time\r\n');
    const shutOut = await refused(reach(rig, { target }));
    expect(shutOut.message).toContain('it said: Not allowed at this time');
    expect(shutOut.hint).toContain('PerSourcePenalties');
    expect(proxy.connections.total).toBe(4);

    // Dropped twice without a word, then let in.
    proxy.garbage('');
    setTimeout(() => proxy.heal(), 40);
    const connection = await reach(rig, {
      target,
      options: { hostKeys: { files: [`${rig.dir}/kh`], acceptNew: true } },
      settings: { retryDelay: 60 },
    });
    await connection.close();
    await proxy.stop();
  });

  test('MaxSessions: a session too many is a clear problem, and room comes back', async () => {
    rig = await startSshd({ accounts: { app: {} }, settings: { MaxSessions: '1' } });
    const connection = await reach(rig);
    const first = await connection.open('cat', silent);
    const { code, message, hint, exit } = await refused(connection.open('echo two', silent));
    expect({ code, exit }).toEqual({ code: 'E_CHANNEL', exit: 4 });
    expect(message).toBe('web1: the server allows no more sessions on this connection (open failed)');
    expect(hint).toContain('MaxSessions');
    first.end();
    await first.ended;
    expect((await talk(connection, 'echo again')).stdout.toString()).toBe('again\n');
    await connection.close();
  });
});

test('keys exchanged again and again in the middle of a transfer change nothing', async () => {
  rig = await startSshd({ accounts: { app: {} }, settings: { RekeyLimit: '1M' } });
  const connection = await reach(rig);
  const bytes = Buffer.alloc(6_000_000, 'abcdefg');
  const { stdout, end } = await talk(connection, 'cat', bytes);
  expect(stdout.equals(bytes)).toBe(true);
  expect(end).toEqual({ kind: 'exit', code: 0 });
  await connection.close();
});
