import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type FaultProxy, startProxy } from './proxy.ts';

/** A server that sends everything back. */
async function startEcho(): Promise<{ port: number; sockets: Socket[]; stop(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: address.port, sockets, stop };
}

/** A client that keeps what it got and how its connection ended. */
async function client(proxy: FaultProxy) {
  const socket = connect({ host: proxy.host, port: proxy.port, noDelay: true });
  const got: Buffer[] = [];
  let ended: string | undefined;
  socket.on('data', (data) => got.push(data));
  socket.once('end', () => {
    ended ??= 'fin';
  });
  socket.once('error', (error) => {
    ended ??= 'code' in error ? String(error.code) : error.message;
  });
  await once(socket, 'connect');
  return {
    socket,
    data: () => Buffer.concat(got),
    text: () => Buffer.concat(got).toString('latin1'),
    ended: () => ended,
    until: async (condition: () => boolean) => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

describe('the fault proxy', () => {
  const open: { stop(): Promise<void> }[] = [];
  const start = async () => {
    const echo = await startEcho();
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: echo.port } });
    open.push(proxy, echo);
    return { echo, proxy, c: () => client(proxy) };
  };
  afterEach(async () => {
    for (const part of open.splice(0)) await part.stop();
  });

  test('passes bytes unchanged, both ways, with and without a delay', async () => {
    const { proxy, c } = await start();
    const payload = randomBytes(8_000_000);
    for (const ms of [0, 20]) {
      proxy.delay(ms);
      const one = await c();
      one.socket.end(payload);
      await one.until(() => one.ended() !== undefined);
      expect(one.ended()).toBe('fin');
      expect(createHash('sha256').update(one.data()).digest('hex')).toBe(
        createHash('sha256').update(payload).digest('hex'),
      );
    }
    expect(proxy.bytes).toEqual({ up: 16_000_000, down: 16_000_000 });
    expect(proxy.connections.total).toBe(2);
  });

  test('delays each way, never less than asked', async () => {
    const { proxy, c } = await start();
    proxy.delay(25);
    const one = await c();
    one.socket.write('x');
    await one.until(() => one.text() === 'x');
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      one.socket.write('y');
      const wanted = i + 2;
      await once(one.socket, 'data');
      expect(one.data().length).toBe(wanted);
      expect(performance.now() - start).toBeGreaterThan(49.5);
    }
  });

  test('resets and closes live connections and serves later ones', async () => {
    const { proxy, c } = await start();
    const one = await c();
    one.socket.write('a');
    await one.until(() => one.text() === 'a');
    proxy.reset();
    await one.until(() => one.ended() !== undefined);
    expect(one.ended()).toBe('ECONNRESET');
    const two = await c();
    two.socket.write('b');
    await two.until(() => two.text() === 'b');
    proxy.fin();
    await two.until(() => two.ended() !== undefined);
    expect(two.ended()).toBe('fin');
    expect((await c()).ended()).toBeUndefined();
  });

  test('freezes and thaws without losing a byte', async () => {
    const { proxy, c } = await start();
    const one = await c();
    proxy.freeze();
    one.socket.write('held');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(one.text()).toBe('');
    proxy.thaw();
    await one.until(() => one.text() === 'held');
  });

  test('flips one bit', async () => {
    const { proxy, c } = await start();
    const one = await c();
    proxy.flip('up');
    one.socket.write('aaaa');
    await one.until(() => one.text().length === 4);
    expect(one.text()).toBe('`aaa');
  });

  test.each([
    ['reset', 'ECONNRESET'],
    ['fin', 'fin'],
    ['freeze', undefined],
  ] as const)('does %s after so many bytes', async (fault, ended) => {
    const { proxy, c } = await start();
    proxy.afterBytes(5, fault);
    const one = await c();
    one.socket.write('0123456789');
    await one.until(() => one.text().length >= 5 || one.ended() !== undefined);
    if (ended !== undefined) await one.until(() => one.ended() !== undefined);
    else await new Promise((resolve) => setTimeout(resolve, 50));
    expect(one.ended()).toBe(ended);
    expect(one.text()).toBe('01234');
    proxy.heal();
    const two = await c();
    two.socket.write('0123456789');
    await two.until(() => two.text() === '0123456789');
  });

  test('flips the byte after so many bytes', async () => {
    const { proxy, c } = await start();
    proxy.afterBytes(5, 'flip', 'up');
    const one = await c();
    one.socket.write('aaaaaaaaaa');
    await one.until(() => one.text().length === 10);
    expect(one.text()).toBe('aaaaa`aaaa');
  });

  test('drips', async () => {
    const { proxy, c } = await start();
    proxy.drip(100);
    const one = await c();
    one.socket.write(Buffer.alloc(1000, 'a'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(one.text().length).toBeLessThan(100);
    proxy.thaw();
    await one.until(() => one.text().length === 1000);
  });

  test('talks garbage, or nothing at all', async () => {
    const { echo, proxy, c } = await start();
    proxy.garbage('HTTP/1.1 400 Bad Request\r\n\r\n');
    const one = await c();
    await one.until(() => one.ended() !== undefined);
    expect(one.text()).toBe('HTTP/1.1 400 Bad Request\r\n\r\n');
    proxy.heal();
    proxy.blackhole();
    const two = await c();
    two.socket.write('hello');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([two.text(), two.ended()]).toEqual(['', undefined]);
    expect(echo.sockets).toHaveLength(0);
  });

  test('passes on that nothing listens there', async () => {
    const echo = await startEcho();
    await echo.stop();
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: echo.port } });
    open.push(proxy);
    const one = await client(proxy);
    await one.until(() => one.ended() !== undefined);
    expect(one.ended()).toBe('ECONNRESET');
  });
});
