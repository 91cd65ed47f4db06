import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FaultProxy, startProxy } from '../rig/proxy.ts';
import { createScene, goodHost, type HostVars, type Scene, type Told } from './scene.ts';

let scene: Scene;
let proxy: FaultProxy;
let proxied: HostVars;
beforeAll(async () => {
  scene = await createScene();
  proxy = await startProxy({ target: { host: scene.rig.addresses[0] ?? '', port: scene.rig.port } });
  proxied = scene.through(proxy);
});
afterEach(async () => {
  proxy.heal();
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(async () => {
  await proxy?.stop();
  await scene?.[Symbol.asyncDispose]();
});

/** Waits for nothing longer than a second. */
const hasty = 'Host *\n  ConnectTimeout 1\n';

/** Runs on the host `bad` beside the one that works, which has to finish, and compares with what `play show` has to say. */
async function runOn(bad: HostVars): Promise<Told> {
  scene.hosts({ bad });
  const told = await scene.run();
  expect(told.raw.stderr).toBe('');
  expect(told.of('good')).toBe(goodHost);
  expect(told.verdict).toBe('✖ unreachable · 1 of 2 hosts · 3 changed');
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('good')).toBe(goodHost);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

describe('a host that cannot be reached', () => {
  test('row 1: its port is closed', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { exit, trouble } = await runOn({ ansible_host: '127.0.0.1', ansible_port: port });
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_REFUSED
          nothing listens on 127.0.0.1:PORT (connection refused)
          → check that sshd runs there, and the port (ansible_port)"
    `);
  });

  test('row 2: its packets are dropped', async () => {
    scene.desk.file('~/.ssh/config', hasty);
    await using deaf = await startDeaf();
    const { exit, trouble, ms } = await runOn({ ansible_host: '127.0.0.1', ansible_port: deaf.port });
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_TIMEOUT
          no answer from 127.0.0.1:PORT within N s while opening the TCP connection (phase tcp)
          → the host is down or a firewall drops the packets: check the address and the port"
    `);
    expect(ms).toBeLessThan(9_000);
  });

  test('row 3: it takes connections and stays silent', async () => {
    scene.desk.file('~/.ssh/config', hasty);
    proxy.blackhole();
    const { exit, trouble, ms } = await runOn(proxied);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_TIMEOUT
          no answer from 127.0.0.1:PORT within N s while waiting for the SSH greeting (phase banner)
          → something takes connections there and says nothing: is it an SSH server, and is it overloaded?"
    `);
    expect(ms).toBeLessThan(9_000);
  });

  test('row 4: something else listens there', async () => {
    proxy.garbage('HTTP/1.1 400 Bad \x1b[31mRequest\r\nServer: x\r\n\r\n');
    const { exit, trouble } = await runOn(proxied);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_NOT_SSH
          127.0.0.1:PORT is not an SSH server, it said: HTTP/1.1 400 Bad ?[31mRequest
          → check the port (ansible_port)"
    `);
  });

  test('row 5: its name is not known', async () => {
    const { exit, trouble } = await runOn({ ansible_host: 'no-such-host.invalid' });
    expect(exit).toBe(4);
    // Machines without a name server do not get this far.
    expect(trouble.replace('the name server does not answer', 'no such name')).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_DNS
          the name no-such-host.invalid cannot be looked up: no such name
          → check the spelling, or set ansible_host to an address"
    `);
  });

  test('row 19: its line is so slow that connecting does not come to an end', async () => {
    scene.desk.file('~/.ssh/config', hasty);
    proxy.drip(60);
    const { exit, trouble, ms } = await runOn(proxied);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_TIMEOUT
          no answer from 127.0.0.1:PORT within N s during the key exchange (phase kex)
          → the line is very slow or loses large packets (check the MTU), or the server is overloaded"
    `);
    expect(ms).toBeLessThan(20_000);
  });

  test('row 55: it has too many logins at once, and goes on having them', async () => {
    proxy.garbage('Exceeded MaxStartups\r\n');
    const before = proxy.connections.total;
    const { exit, trouble } = await runOn(proxied);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_DROPPED
          127.0.0.1:PORT closed the connection while waiting for the SSH greeting; it said: Exceeded MaxStartups
          → sshd may have too many logins at once (raise MaxStartups there), or a filter refuses this address"
    `);
    // Tried again, as nothing was sent yet.
    expect(proxy.connections.total - before).toBe(3);
  });

  test('row 55: it shuts this machine out after failed logins, and is left alone', async () => {
    proxy.garbage('Not allowed at this time\r\n');
    const before = proxy.connections.total;
    const { exit, trouble } = await runOn(proxied);
    expect(exit).toBe(4);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_CONNECT_DROPPED
          127.0.0.1:PORT closed the connection while waiting for the SSH greeting; it said: Not allowed at this time
          → sshd shuts this address out after failed logins (PerSourcePenalties): wait some minutes, and correct the login that failed"
    `);
    expect(proxy.connections.total - before).toBe(1);
  });
});

test('row 5: one of two addresses is dead, the other is taken', async () => {
  // ssh_config gives the name that a resolver of this machine may know under two addresses.
  scene.desk.file('~/.ssh/config', 'Host two\n  HostName localhost\n');
  scene.know([`[localhost]:${scene.rig.port}`]);
  scene.hosts({ two: {} });
  const told = await scene.run();
  expect({ exit: told.exit, two: told.of('two') }).toEqual({ exit: 0, two: goodHost });
});

test('row 19: a slow line that moves is waited for, however short the deadline of a step', async () => {
  scene.desk.file('~/.ssh/config', hasty);
  scene.hosts({ slow: proxied });
  proxy.drip(6_000);
  const told = await scene.run();
  expect({ exit: told.exit, slow: told.of('slow') }).toEqual({ exit: 0, slow: goodHost });
});

/** A listener that never accepts and whose queue is full: it answers no more, as a firewall that drops. */
async function startDeaf(): Promise<{ port: number; [Symbol.asyncDispose](): Promise<void> }> {
  const script = `const s = require('net').createServer();
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('fs').writeSync(1, String(s.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const deaf = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(deaf.stdout, 'data');
  const port = Number(String(said));
  const fillers: Socket[] = [];
  for (let i = 0; i < 4; i++) {
    const filler = connect({ port, host: '127.0.0.1' });
    filler.on('error', () => {});
    fillers.push(filler);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy();
      deaf.kill('SIGKILL');
      await once(deaf, 'exit');
    },
  };
}
