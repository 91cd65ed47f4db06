import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Deadlines } from '../../src/ssh/clock.ts';
import { type FaultProxy, startProxy } from '../rig/proxy.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, talk } from '../transports/talk.ts';
import { startLoneServer } from './lone-server.ts';
import { reach, type Wanted } from './reachable.ts';

let rig: Rig;
let proxy: FaultProxy;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  rig = await startSshd({ accounts: { app: {} } });
  proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
});
afterEach(() => {
  proxy.heal();
  for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
  await proxy?.stop();
  await rig?.stop();
});

/** Short where a test waits for the end of it, and long elsewhere: this machine may be slow. */
const hasty = (phases: Partial<Deadlines>): Deadlines => ({
  ...{ dns: 9_000, tcp: 9_000, forward: 9_000, banner: 9_000, kex: 9_000, auth: 9_000, channel: 9_000 },
  ...phases,
});

/** Goes through the proxy, with the host key known there too. */
const through = (wanted: Wanted = {}) =>
  reach(rig, {
    ...wanted,
    target: { address: '127.0.0.1', port: proxy.port, ...wanted.target },
    options: { hostKeys: { files: [], acceptNew: true }, ...wanted.options },
    settings: { home: `${rig.dir}/home`, ...wanted.settings },
  });

/** A server of anything; ends with the test. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    open.push({ close: () => socket.destroy() });
    onSocket(socket);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
const at = (port: number, settings: Wanted['settings'] = {}) =>
  reach(rig, { target: { address: '127.0.0.1', port }, settings });

describe('a host that cannot be reached', () => {
  test('nothing listens there', async () => {
    const port = await listen(() => {});
    for (const one of open.splice(0)) one.close();
    const { code, message, hint, exit } = await refused(at(port));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_REFUSED', exit: 4 });
    expect(message).toBe(`web1: nothing listens on 127.0.0.1:${port} (connection refused)`);
    expect(hint).toContain('ansible_port');
  });

  test('the network does not lead there', async () => {
    const { code, message, exit } = await refused(reach(rig, { target: { address: '255.255.255.255', port: 22 } }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_UNREACHABLE', exit: 4 });
    expect(message).toMatch(/^web1: 255\.255\.255\.255:22 cannot be reached: /);
  });

  test('its packets are dropped', async () => {
    // A listener that never accepts and whose queue is full answers no more, as a firewall that drops.
    const script = `const s = require('net').createServer();
      s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        require('fs').writeSync(1, String(s.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const deaf = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    open.push({ close: () => deaf.kill('SIGKILL') });
    const port = Number(String((await once(deaf.stdout, 'data'))[0]));
    for (let i = 0; i < 4; i++) {
      const filler = connect({ port, host: '127.0.0.1' });
      filler.on('error', () => {});
      open.push({ close: () => filler.destroy() });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { code, message, hint, exit } = await refused(at(port, { deadlines: hasty({ tcp: 300 }) }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_TIMEOUT', exit: 4 });
    expect(message).toBe(
      `web1: no answer from 127.0.0.1:${port} within 0.3 s while opening the TCP connection (phase tcp)`,
    );
    expect(hint).toContain('firewall');
  });

  test('it takes connections and stays silent', async () => {
    proxy.blackhole();
    const { code, message, hint, exit } = await refused(through({ settings: { deadlines: hasty({ banner: 300 }) } }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_TIMEOUT', exit: 4 });
    expect(message).toBe(
      `web1: no answer from 127.0.0.1:${proxy.port} within 0.3 s while waiting for the SSH greeting (phase banner)`,
    );
    expect(hint).toContain('is it an SSH server');
  });

  test.each<[string, number, string]>([
    ['key exchange', 100, 'during the key exchange (phase kex)'],
    ['login', 1_500, 'during the login (phase auth)'],
  ])('it falls silent in the middle of the %s', async (_, bytes, words) => {
    proxy.afterBytes(bytes, 'freeze');
    const { code, message } = await refused(through({ settings: { deadlines: hasty({ kex: 400, auth: 400 }) } }));
    expect(code).toBe('E_CONNECT_TIMEOUT');
    expect(message).toContain(words);
  });

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    ['a mail server', '220 mail ESMTP\r\n', '220 mail ESMTP'],
    ['terminal control characters', '\u001b]0;evil\u0007\u0000bin\u00ff\r\n', '?]0;evil??bin??'],
    ['a line without end', `${'x'.repeat(9000)}\n`, 'x'.repeat(80)],
    ['almost SSH', 'SSH-nonsense\r\n', 'SSH-nonsense'],
  ])('something else answers there: %s', async (_, greeting, shown) => {
    proxy.garbage(greeting);
    const { code, message, exit } = await refused(through());
    expect({ code, exit }).toEqual({ code: 'E_NOT_SSH', exit: 4 });
    expect(message).toBe(`web1: 127.0.0.1:${proxy.port} is not an SSH server, it said: ${shown}`);
  });

  test('its greeting is cut off', async () => {
    proxy.garbage('SSH-2');
    const { code, message } = await refused(through());
    expect(code).toBe('E_CONNECT_DROPPED');
    expect(message).toBe(`web1: 127.0.0.1:${proxy.port} closed the connection while waiting for the SSH greeting`);
  });

  test('something else answers there and waits', async () => {
    const port = await listen((socket) => socket.write('220 mail ESMTP\r\n'));
    const { code, message } = await refused(at(port, { deadlines: hasty({ banner: 300 }) }));
    expect(code).toBe('E_NOT_SSH');
    expect(message).toContain('it said: 220 mail ESMTP');
  });

  test('its name is unknown', async () => {
    const { code, message, hint, exit } = await refused(reach(rig, { target: { address: 'no-such-host.invalid' } }));
    expect({ code, exit }).toEqual({ code: 'E_DNS', exit: 4 });
    expect(message).toMatch(
      /^web1: the name no-such-host\.invalid cannot be looked up: (no such name|the name server does not answer)$/,
    );
    expect(hint).toContain('ansible_host');
  });

  test('the name server does not answer', async () => {
    const settings = { deadlines: hasty({ dns: 300 }), resolve: () => new Promise<string[]>(() => {}) };
    const { code, message } = await refused(reach(rig, { target: { address: 'slow.example' }, settings }));
    expect(code).toBe('E_DNS');
    expect(message).toBe('web1: the name slow.example cannot be looked up: no answer within 0.3 s');
  });

  test('the algorithms have nothing in common', async () => {
    await using server = await startLoneServer({ config: { algorithms: { kex: ['diffie-hellman-group14-sha1'] } } });
    const { code, message, exit } = await refused(at(server.port));
    expect({ code, exit }).toEqual({ code: 'E_NO_COMMON_ALGORITHM', exit: 4 });
    expect(message).toContain('no algorithm in common (Handshake failed: no matching key exchange algorithm)');
  });

  test('it drops the connection in the middle of the key exchange', async () => {
    proxy.afterBytes(200, 'reset');
    const { code, message, exit } = await refused(through());
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_DROPPED', exit: 4 });
    expect(message).toBe(`web1: 127.0.0.1:${proxy.port} closed the connection during the key exchange`);
  });

  test('bits are flipped on the way', async () => {
    proxy.afterBytes(1_300, 'flip');
    const { code, message, exit } = await refused(through());
    expect({ code, exit }).toEqual({ code: 'E_CORRUPTED', exit: 4 });
    expect(message).toContain(`data from 127.0.0.1:${proxy.port} was corrupted on the wire`);
  });

  test('connecting is cancelled', async () => {
    proxy.blackhole();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const { code, message, exit } = await refused(through({ options: { signal: stop.signal } }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECT_CANCELLED', exit: 130 });
    expect(message).toBe('web1: connecting was cancelled');
  });
});

describe('a host that can be reached after all', () => {
  test('by the second of its addresses, when the first refuses', async () => {
    const settings = { resolve: async () => ['127.255.255.254', rig.addresses[0] ?? ''] };
    const lone = await reach(rig, {
      target: { address: 'two.example' },
      settings: { ...settings, home: `${rig.dir}/home` },
      options: { hostKeys: { files: [], acceptNew: true } },
    });
    expect((await talk(lone, 'echo in')).stdout.toString()).toBe('in\n');
    await lone.close();
  });

  test('by the second, when the first does not answer', async () => {
    const settings = { resolve: async () => ['192.0.2.1', rig.addresses[0] ?? ''], home: `${rig.dir}/home` };
    const lone = await reach(rig, {
      target: { address: 'v6dead.example' },
      settings,
      options: { hostKeys: { files: [], acceptNew: true } },
    });
    await lone.close();
  });

  test('over a line that is slow but moves', async () => {
    proxy.drip(8_000);
    const connection = await through({ settings: { deadlines: hasty({ kex: 500, auth: 500 }) } });
    await connection.close();
  });

  test('but not over one that only drips, whatever comes in between', async () => {
    proxy.drip(40);
    const { code, message } = await refused(through({ settings: { deadlines: hasty({ kex: 300 }) } }));
    expect(code).toBe('E_CONNECT_TIMEOUT');
    expect(message).toMatch(/within 1\.8 s during the key exchange/);
  });
});
