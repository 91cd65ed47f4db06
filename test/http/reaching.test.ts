import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLocalAddress } from '../../src/http/addresses.ts';
import { proxyOf } from '../../src/http/way.ts';
import { answer, ask, failure, surroundings } from './asking.ts';
import { type Answering, type Certificates, makeCertificates, type Server, serve, startProxy } from './servers.ts';

/* The ways to a server: TLS, proxies, sockets; time limits, attempts, and where nobody may be led. */
const open: Server[] = [];
let certificates: Certificates;
let dir = '';
const hello: Answering = (_, response) => void response.end('hello');
const started = async (
  answering: Answering,
  ...options: Parameters<typeof serve> extends [unknown, ...infer R] ? R : never
) => {
  const server = await serve(answering, ...options);
  open.push(server);
  return server;
};

beforeAll(() => {
  certificates = makeCertificates();
  dir = mkdtempSync(join(tmpdir(), 'play-http-'));
});
afterAll(() => {
  for (const server of open) server.close();
  certificates.remove();
  rmSync(dir, { recursive: true });
});

describe('TLS', () => {
  test('a certificate must be of somebody trusted, and of this server', async () => {
    const { url } = await started(hello, { tls: certificates.server() });
    expect(await failure({ url })).toMatch(
      /comes from nobody who is trusted .*; ca: FILE.pem names who is; verify: false/,
    );
    expect(await answer({ url, verify: false })).toMatchObject({ text: 'hello' });
    const context = surroundings({ dir: certificates.dir });
    expect(await answer({ url, ca: 'ca.pem' }, context)).toMatchObject({ text: 'hello' });
    const wrong = await started(hello, { tls: certificates.server({ name: 'other' }) });
    expect(await failure({ url: `https://localhost:${wrong.port}`, ca: 'ca.pem' }, context)).toContain(
      'is for another name: DNS:other.example',
    );
  });

  test('a server may want a certificate of ours', async () => {
    const { url } = await started(hello, { tls: certificates.server({ asking: true }) });
    const context = surroundings({ dir: certificates.dir });
    const params = { url, ca: 'ca.pem' };
    expect((await ask(params, context)).failed).toBeDefined();
    expect(await answer({ ...params, cert: 'client.pem', key: 'client.key' }, context)).toMatchObject({
      text: 'hello',
    });
  });

  test('a file that is no certificate is told', async () => {
    const context = surroundings({ dir: certificates.dir });
    expect(await failure({ url: 'https://127.0.0.1:1', ca: '.' }, context)).toContain('ca: EISDIR');
    const { url } = await started(hello, { tls: certificates.server() });
    expect(await failure({ url, cert: 'client.pem', key: 'ca.key' }, context)).toMatch(/key values mismatch/i);
    expect(await failure({ url, cert: 'server.ext' }, context)).toMatch(/PEM|no start line/i);
  });

  test('https to a server without TLS says what is wrong', async () => {
    const { port } = await started(hello);
    expect(await failure({ url: `https://127.0.0.1:${port}` })).toMatch(
      /TLS with 127.0.0.1:\d+ failed: wrong version number/,
    );
  });
});

describe('proxies and sockets', () => {
  test('a proxy gets plain requests as they are, and opens a tunnel for https', async () => {
    const proxy = await startProxy();
    open.push(proxy);
    const plain = await started(hello);
    const secure = await started(hello, { tls: certificates.server() });
    const got = await answer({ url: `${plain.url}/x`, proxy: proxy.url });
    expect(got).toMatchObject({ text: 'hello', headers: { 'x-by': 'proxy' } });
    await answer({ url: secure.url, proxy: proxy.url, verify: false });
    expect(proxy.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${plain.url}/x`,
      `CONNECT 127.0.0.1:${secure.port}`,
    ]);
  });

  test('a proxy may want a password', async () => {
    const proxy = await startProxy({ password: 'secret' });
    open.push(proxy);
    const { url } = await started(hello);
    const secure = await started(hello, { tls: certificates.server() });
    const withPassword = proxy.url.replace('//', '//user:secret@');
    expect(await answer({ url, proxy: withPassword })).toMatchObject({ text: 'hello' });
    expect(await answer({ url: secure.url, proxy: withPassword, verify: false })).toMatchObject({ text: 'hello' });
    expect(await failure({ url: secure.url, proxy: proxy.url })).toMatch(
      /the proxy refuses a tunnel to 127.0.0.1:\d+: 407 No/,
    );
    expect(await failure({ url, proxy: proxy.url })).toContain('407');
  });

  test('the env of the task names proxies as for curl', async () => {
    const env = {
      http_proxy: 'proxy:3128',
      HTTPS_PROXY: 'http://secure:8080',
      no_proxy: 'localhost,.inner.example, 10.0.0.1',
    };
    const of = (url: string): string | undefined => proxyOf(new URL(url), env);
    expect(of('http://a.example/')).toBe('http://proxy:3128');
    expect(of('https://a.example/')).toBe('http://secure:8080');
    for (const direct of ['http://localhost:80/', 'https://x.inner.example', 'http://inner.example', 'http://10.0.0.1'])
      expect(of(direct), direct).toBeUndefined();
    expect(of('http://notinner.example')).toBe('http://proxy:3128');
    const proxy = await startProxy();
    open.push(proxy);
    const { url } = await started(hello);
    await answer({ url }, surroundings({ more: { env: { http_proxy: proxy.url } } }));
    await answer({ url, proxy: '' }, surroundings({ more: { env: { http_proxy: proxy.url } } }));
    expect(proxy.seen).toHaveLength(1);
  });

  test('a proxy on this machine may be asked for an address that a host has named', async () => {
    const proxy = await startProxy();
    open.push(proxy);
    const context = surroundings({ more: { isFromHosts: () => true } });
    const params = { proxy: proxy.url.replace('127.0.0.1', 'localhost'), url: 'http://none.invalid/' };
    expect((await ask(params, context)).failed).not.toContain('is this machine');
    expect(await failure({ ...params, url: 'http://127.0.0.1/' }, context)).toContain('is this machine');
  });

  test('a unix socket', async () => {
    const socket = join(dir, 'app.sock');
    const server = await started(hello, { socket });
    expect(await answer({ url: 'http://app/x', unix_socket: socket })).toMatchObject({ text: 'hello' });
    expect(server.last()).toMatchObject({ url: '/x', headers: { host: 'app' } });
    expect(await failure({ url: 'http://app/', unix_socket: join(dir, 'none') })).toContain('there is no socket');
  });
});

describe('time', () => {
  test('limits for the connection, for silence, and for the whole', async () => {
    const { url } = await started((request, response) => {
      if (request.url === '/silent') return;
      response.write('a');
      if (request.url === '/half') return;
      const drip = setInterval(() => response.write('a'), 50);
      response.on('close', () => clearInterval(drip));
    });
    expect(await failure({ url: `${url}/silent`, timeout: { idle: 0.5 } })).toMatch(/has sent nothing for 0.5 s/);
    expect(await failure({ url: `${url}/half`, timeout: { idle: 0.5 } })).toMatch(/has sent nothing for 0.5 s/);
    expect(await failure({ url: `${url}/drip`, timeout: 0.6 })).toContain('there was no whole answer within 0.6 s');
    // It takes the connection, and never answers the handshake.
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const words = await failure({ url: `https://127.0.0.1:${port}`, timeout: { connect: 0.5 } });
    expect(words).toMatch(/no connection to 127.0.0.1:\d+ within 0.5 s/);
    mute.close();
  });

  test('an interrupt ends what changes nothing, and lets the rest come to its end', async () => {
    const { url } = await started((request, response) => {
      if (request.method === 'POST') setTimeout(() => response.end('done'), 600);
    });
    const interrupted = (): ReturnType<typeof surroundings> => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 200);
      return surroundings({ more: { signal: stop.signal } });
    };
    expect(await failure({ url }, interrupted())).toContain('it was interrupted');
    expect(await answer({ url, json: 1 }, interrupted())).toMatchObject({ text: 'done' });
    expect(await failure({ url: 'http://127.0.0.1:1/', retry: { delay: 30 } }, interrupted())).toContain(
      'it was interrupted',
    );
  });
});

describe('attempts', () => {
  const failing = (times: number, fail: Answering) => {
    let count = 0;
    return started((request, response) => (++count <= times ? fail(request, response) : void response.end('at last')));
  };

  test('some statuses, and broken connections, are tried again with growing pauses', async () => {
    const busy = await failing(2, (_, response) => void response.writeHead(503).end());
    const from = Date.now();
    expect(await answer({ url: busy.url, retry: { delay: 0.1 } })).toMatchObject({ text: 'at last', attempts: 3 });
    expect(Date.now() - from).toBeGreaterThanOrEqual(290);
    const broken = await failing(1, (request) => void request.socket.destroy());
    expect(await answer({ url: broken.url, retry: { delay: 0.01 } })).toMatchObject({ attempts: 2 });
    const half = await failing(1, (request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setTimeout(() => request.socket.destroy(), 50);
    });
    expect(await answer({ url: half.url, retry: { delay: 0.01 } })).toMatchObject({ text: 'at last', attempts: 2 });
  });

  test('a connection that the server closes instead of using it again is no fault', async () => {
    const used = new WeakSet();
    const { url, seen } = await started((request, response) => {
      if (used.has(request.socket)) return void request.socket.destroy();
      used.add(request.socket);
      if (request.url === '/') return void response.writeHead(302, { location: '/next', 'content-length': 0 }).end();
      response.end('there');
    });
    expect(await answer({ url: `${url}/` })).toMatchObject({ text: 'there', attempts: 1 });
    expect(seen.map((each) => each.url)).toEqual(['/', '/next', '/next']);
  });

  test('without retry there is one, and what does not pass is not tried again', async () => {
    const broken = await failing(1, (request) => void request.socket.destroy());
    expect(await failure({ url: broken.url })).toMatch(/broke the connection off$/);
    const { url, seen } = await started((_, response) => void response.writeHead(404).end());
    expect((await ask({ url, retry: { attempts: 5 } })).fields['attempts']).toBe(1);
    expect(seen).toHaveLength(1);
  });

  test('Retry-After is kept, unless it asks for too much', async () => {
    const busy = await failing(1, (_, response) => void response.writeHead(429, { 'retry-after': '1' }).end());
    const from = Date.now();
    expect(await answer({ url: busy.url, retry: { delay: 0 } })).toMatchObject({ attempts: 2 });
    expect(Date.now() - from).toBeGreaterThanOrEqual(950);
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const later = await failing(1, (_, response) => void response.writeHead(503, { 'retry-after': date }).end());
    expect(await failure({ url: later.url, retry: {} })).toMatch(
      /answered 503 and wants 3(600|599) s of patience, more than max_delay/,
    );
  });

  test('a POST is sent once, unless it never arrived or the author says so', async () => {
    const post = { json: 1, retry: { delay: 0.01 } };
    const broken = await failing(1, (request) => void request.socket.destroy());
    expect(await failure({ url: broken.url, ...post })).toMatch(/broke the connection off$/);
    expect(broken.seen).toHaveLength(1);
    const again = await failing(1, (_, response) => void response.writeHead(503).end());
    expect((await ask({ url: again.url, ...post })).fields['attempts']).toBe(1);
    const unsafe = await failing(2, (_, response) => void response.writeHead(503).end());
    expect(await answer({ url: unsafe.url, json: 1, retry: { delay: 0.01, unsafe: true } })).toMatchObject({
      attempts: 3,
    });
    const port = await freePort();
    expect(await failure({ url: `http://127.0.0.1:${port}/`, ...post })).toMatch(/connection refused\), 3 times$/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('where nobody may be led', () => {
  test('addresses of this machine and of the link, however they are written', () => {
    const local = ['127.0.0.1', '127.9.9.9', '0.0.0.0', '169.254.169.254', '::1', '::', 'fe80::1%eth0', '[fe80::1]'];
    const disguised = [
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::169.254.169.254',
      'fd00:ec2::254',
    ];
    for (const address of [...local, ...disguised]) expect(isLocalAddress(address), address).toBe(true);
    for (const address of ['10.0.0.1', '192.168.1.1', '8.8.8.8', 'fd00::1', '2001:db8::1', '::ffff:10.0.0.1', 'name'])
      expect(isLocalAddress(address), address).toBe(false);
  });

  test('a URL from a host is held to it, with every way to write an address and with names', async () => {
    const { port, seen } = await started(hello);
    const context = surroundings({ more: { isFromHosts: (param) => param === 'url' } });
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', 'a.localhost'])
      expect(await failure({ url: `http://${host}:${port}/` }, context), host).toMatch(
        /is this machine or its link.*allow_local: true/,
      );
    expect(await failure({ url: 'http://169.254.169.254/latest/meta-data' }, context)).toContain(
      'is this machine or its link',
    );
    expect(seen).toEqual([]);
    expect(await answer({ url: `http://127.0.0.1:${port}/`, allow_local: true }, context)).toMatchObject({
      status: 200,
    });
    expect(await failure({ url: `http://127.0.0.1:${port}/`, allow_local: false })).toContain('is this machine');
  });

  test('a name is looked at when it has been looked up', async () => {
    const { port, seen } = await started(hello);
    const { hostname } = await import('node:os');
    const context = surroundings({ more: { isFromHosts: () => true } });
    // The name of this machine is in its /etc/hosts, and leads to loopback or to an address of its network.
    const failed = (await ask({ url: `http://${hostname()}:${port}/`, timeout: 2 }, context)).failed ?? '';
    expect(failed).not.toBe('');
    expect(seen).toEqual([]);
  });

  test('a redirect does not lead there, but may stay where it was', async () => {
    const here = Object.values(networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === 'IPv4')?.address;
    const inner = await started(hello);
    const leading: Answering = (_, response) => void response.writeHead(302, { location: inner.url }).end();
    const same = await started(leading);
    expect(await answer({ url: same.url })).toMatchObject({ text: 'hello', url: `${inner.url}/` });
    if (here === undefined) return;
    const outer = await started(leading, { host: here });
    expect(await failure({ url: outer.url })).toContain('127.0.0.1 is this machine or its link');
    expect(await answer({ url: outer.url, allow_local: true })).toMatchObject({ text: 'hello' });
  });
});
