import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portCheck } from '../../src/modules/controller/port_check.ts';
import { portListen } from '../../src/modules/controller/port_listen.ts';
import { portScan } from '../../src/modules/controller/port_scan.ts';
import { socket } from '../../src/modules/controller/socket.ts';
import { taskContext } from './task-context.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((peer) => {
    peer.on('error', () => undefined);
    peer.write('SSH-2.0-test\r\n');
    peer.on('data', (data) => peer.end(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

describe('port_check', () => {
  const check = (params: object) => portCheck.run({ port, timeout: 1, ...params } as never, taskContext());

  test('looks at the host of the task', async () => {
    expect(await check({})).toMatchObject({ changed: false, fields: { open: 1 }, message: '1 of 1 open' });
  });

  test('fails when something is not as it has to be, and says all that is not', async () => {
    expect((await check({ port: [port, 3, 4] })).failed).toBe(
      'localhost port 3: nothing listens there (refused)\nlocalhost port 4: nothing listens there (refused)',
    );
    expect((await check({ state: 'closed' })).failed).toBe(`localhost port ${port}: something listens there`);
    expect((await check({ port: [port, 3], state: 'any' })).failed).toBeUndefined();
  });

  test('takes no port that is none', async () => {
    expect((await check({ port: '80-70000' })).failed).toBe(
      '"80-70000" is not a port from 1 to 65535, or a range like 8000-8010',
    );
  });
});

test('port_scan tells what is open, and what that says', async () => {
  const { fields } = await portScan.run(
    { hosts: '127.0.0.0/30', ports: [3, port], banner: true, timeout: 1 },
    taskContext(),
  );
  expect(fields).toMatchObject({
    count: 1,
    closed: 3,
    open: [{ host: '127.0.0.1', port, state: 'open', banner: 'SSH-2.0-test' }],
  });
});

describe('socket', () => {
  const speak = (params: object, more = {}) =>
    socket.run({ host: '127.0.0.1', port, timeout: 1, ...params } as never, taskContext(more));

  test('reads until something fits', async () => {
    const { fields, changed } = await speak({ expect: '^SSH-(?P<version>[\\d.]+)-' });
    expect({ fields, changed }).toMatchObject({
      changed: false,
      fields: { groups: { version: '2.0' }, ended: 'enough' },
    });
  });

  test('fails when nothing does, and tells what came', async () => {
    expect((await speak({ send: 'x', expect: 'nope' })).failed).toBe(
      `127.0.0.1 port ${port}: nothing fits nope; what came back is "SSH-2.0-test\r\nx"`,
    );
  });

  test('keeps no more than it may', async () => {
    expect((await speak({ read: 'all', max_bytes: 3 })).fields).toMatchObject({ received: 'SSH', ended: 'full' });
  });

  test('sends nothing in a check', async () => {
    expect(await speak({ send: 'x' }, { check: true })).toMatchObject({ unknown: expect.any(String) });
    expect(await speak({}, { check: true })).toMatchObject({ fields: { bytes: 14 } });
  });

  test.each([
    [{ port: undefined }, 'one of port, path is needed'],
    [{ path: '/x' }, 'host and path exclude each other'],
    [{ protocol: 'udp', tls: true }, 'udp goes with neither tls nor path'],
    [{ send: 'x', send_hex: '00' }, 'send and send_hex exclude each other'],
  ])('refuses %j', async (params, words) => {
    await expect(speak(params)).rejects.toThrow(words);
  });

  test('finds no unix socket', async () => {
    expect((await speak({ host: undefined, port: undefined, path: '/nowhere/sock' })).failed).toBe(
      '/nowhere/sock: it is not there',
    );
  });
});

describe('port_listen', () => {
  const listen = async (params: object) =>
    portListen.run({ host: '127.0.0.1', port: 24_611, timeout: 5, ...params } as never, taskContext());

  /** Connects as soon as somebody listens. */
  const knock = (text: string): void => {
    const client = connect({ host: '127.0.0.1', port: 24_611 }, () => client.end(text));
    client.on('error', () => setTimeout(knock, 50, text));
  };

  test('waits for connections, and answers them', async () => {
    knock('one');
    knock('two');
    const { fields, failed } = await listen({ count: 2, reply: 'hello\n' });
    expect(failed).toBeUndefined();
    const said = (fields['connections'] as { data: string; address: string }[]).map(
      ({ data, address }) => `${address} ${data}`,
    );
    expect(said.sort()).toEqual(['127.0.0.1 one', '127.0.0.1 two']);
  });

  test('waits for datagrams', async () => {
    const client = createSocket('udp4');
    const timer = setInterval(() => client.send('ping', 24_611, '127.0.0.1'), 50);
    const { fields } = await listen({ protocol: 'udp' });
    clearInterval(timer);
    client.close();
    expect(fields).toMatchObject({ count: 1, connections: [{ data: 'ping', bytes: 4 }] });
  });

  test('fails when nobody comes, and where something listens already', async () => {
    expect((await listen({ timeout: 0.2 })).failed).toBe('port 24611: 0 of 1 came in 0.2 s');
    expect((await listen({ port })).failed).toBe(`127.0.0.1 port ${port}: something listens there already`);
  });

  test('listens to nobody in a check', async () => {
    expect(portListen.run({ port: 9 }, taskContext({ check: true }))).toMatchObject({ unknown: expect.any(String) });
  });
});
