import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Connection, Pipe } from '../../src/model/transport.ts';
import { type FaultProxy, startProxy } from '../rig/proxy.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { refused, until } from '../transports/talk.ts';
import { startLoneServer } from './lone-server.ts';
import { reach, type Wanted } from './reachable.ts';

let rig: Rig;
let proxy: FaultProxy;
beforeAll(async () => {
  rig = await startSshd({ accounts: { app: {} } });
  proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
});
afterEach(() => proxy.heal());
afterAll(async () => {
  await proxy?.stop();
  await rig?.stop();
});

/** A connection through the proxy with a command in the middle of its work, and what it has said so far. */
async function busy(settings: Wanted['settings'] = {}, command = 'echo start; sleep 8; echo end') {
  const connection: Connection = await reach(rig, {
    target: { address: '127.0.0.1', port: proxy.port },
    options: { hostKeys: { files: [rig.knownHostsFile(proxy.port), `${rig.dir}/kh`].slice(1), acceptNew: true } },
    settings,
  });
  let said = '';
  const sink = {
    stdout: (chunk: Buffer) => {
      said += chunk;
    },
    stderr: () => {},
  };
  const pipe: Pipe = await connection.open(command, sink);
  await until('the start', () => said.startsWith('start\n'));
  return { connection, pipe, said: () => said };
}

describe('a connection that breaks while a command runs', () => {
  test.each<[string, () => void, string]>([
    ['by a reset', () => proxy.reset(), 'the connection was reset'],
    ['by its proper end', () => proxy.fin(), 'the other side closed the connection'],
  ])('%s: the result is not known', async (_, cut, reason) => {
    const { connection, pipe } = await busy();
    cut();
    expect(await pipe.ended).toEqual({ kind: 'lost', reason });
    const { code, message, exit } = await refused(connection.open('echo more', { stdout: () => {}, stderr: () => {} }));
    expect({ code, exit }).toEqual({ code: 'E_CONNECTION_LOST', exit: 5 });
    expect(message).toBe(`web1: the connection was lost: ${reason}`);
    await connection.close();
  });

  test('because a bit was flipped: it is not taken for data', async () => {
    const { connection, pipe, said } = await busy({}, 'echo start; read -r x; head -c 100000 /dev/zero | tr "\\0" a');
    proxy.flip('down');
    await pipe.write('go on\n');
    expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'data was corrupted on the wire' });
    expect(said()).toMatch(/^start\na*$/);
    await connection.close();
  });

  test('because the host went down', async () => {
    const { connection, pipe } = await busy();
    await rig.dropSessions();
    expect((await pipe.ended).kind).toBe('lost');
    await connection.close();
  });

  test('without a word, because the peer is frozen: noticed after three silences', async () => {
    const { connection, pipe } = await busy({ keepalive: { interval: 150, count: 3 } });
    const start = performance.now();
    proxy.freeze();
    expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'the host no longer answers' });
    // Between two and four intervals: it may have answered just before.
    expect(performance.now() - start).toBeGreaterThan(290);
    await connection.close();
  });

  test('all commands on it are told', async () => {
    const { connection, pipe } = await busy();
    const more = await Promise.all(
      [1, 2, 3].map(() => connection.open('sleep 8', { stdout: () => {}, stderr: () => {} })),
    );
    proxy.reset();
    for (const one of [pipe, ...more]) expect((await one.ended).kind).toBe('lost');
    await connection.close();
  });

  test('while a command is being started', async () => {
    const { connection } = await busy();
    proxy.freeze();
    const starting = connection.open('echo more', { stdout: () => {}, stderr: () => {} });
    await until('the request on its way', () => true);
    proxy.reset();
    const { code, exit } = await refused(starting);
    expect({ code, exit }).toEqual({ code: 'E_CONNECTION_LOST', exit: 5 });
    await connection.close();
  });
});

describe('a frozen peer', () => {
  test('does not hold a new command up for ever', async () => {
    const { connection } = await busy({ deadlines: { channel: 300 } });
    proxy.freeze();
    const { code, message, exit } = await refused(connection.open('echo more', { stdout: () => {}, stderr: () => {} }));
    expect({ code, exit }).toEqual({ code: 'E_CHANNEL', exit: 4 });
    expect(message).toBe('web1: the server did not start a command within 0.3 s (phase channel)');
    await connection.close();
  });

  test('does not hold the end up', async () => {
    const { connection, pipe } = await busy();
    proxy.freeze();
    await connection.close();
    expect(await pipe.ended).toEqual({ kind: 'lost', reason: 'closed before it ended' });
  });
});

describe('a server', () => {
  test('that closes a channel without an exit status makes no success', async () => {
    await using server = await startLoneServer({
      onClient: (client) => {
        client.on('session', (accept) => {
          accept().on('exec', (accepted) => {
            const channel = accepted();
            channel.write('half');
            channel.end();
          });
        });
      },
    });
    const connection = await reach(rig, {
      target: { address: '127.0.0.1', port: server.port },
      options: { hostKeys: { files: [`${rig.dir}/kh2`], acceptNew: true } },
    });
    const pipe = await connection.open('anything', { stdout: () => {}, stderr: () => {} });
    expect(await pipe.ended).toEqual({
      kind: 'lost',
      reason: 'the server closed the channel without an exit status',
    });
    await connection.close();
  });

  test('that refuses to run a command is named', async () => {
    await using server = await startLoneServer({
      onClient: (client) => {
        client.on('session', (accept) => {
          accept().on('exec', (_accepted, reject) => reject());
        });
      },
    });
    const connection = await reach(rig, {
      target: { address: '127.0.0.1', port: server.port },
      options: { hostKeys: { files: [`${rig.dir}/kh2`], acceptNew: true } },
    });
    const { code, message } = await refused(connection.open('x', { stdout: () => {}, stderr: () => {} }));
    expect(code).toBe('E_CHANNEL');
    expect(message).toBe('web1: the server refused to run a command (Unable to exec)');
    await connection.close();
  });
});
