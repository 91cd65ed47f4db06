import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curlConfig } from '../../src/http/curl-config.ts';
import { shownAnswer, wgetAnswer } from '../../src/http/shown-answer.ts';
import { findShells } from '../modules/rig/shells.ts';
import { answer, ask, failure, surroundings } from './asking.ts';
import { type Certificates, makeCertificates, type Server, serve, startProxy } from './servers.ts';

/* Requests of a host: its curl, or wget, under every shell, and what others on that host can see. */
let server: Server;
let certificates: Certificates;
let dir = '';
const visible: string[] = [];
const shells = findShells();

/** Every command line of this machine, as any user of it can read them. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .join('\n');
}

beforeAll(async () => {
  certificates = makeCertificates();
  dir = mkdtempSync(join(tmpdir(), 'play-http-'));
  writeFileSync(join(dir, 'it\'s a "file"'), 'file text\n');
  server = await serve((request, response) => {
    visible.push(commandLines());
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    if (pathname === '/to') return response.writeHead(302, { location: searchParams.get('at') ?? '' }).end('moved');
    if (pathname === '/404') return response.writeHead(404).end('none');
    if (pathname === '/cut') return request.socket.destroy();
    if (pathname === '/big') return response.end(Buffer.alloc(3_000_000, 'x'));
    if (pathname === '/set') response.setHeader('set-cookie', 'sid=abc; Path=/');
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: request.body }),
    );
  });
});
afterAll(() => {
  server.close();
  certificates.remove();
  shells.remove();
  rmSync(dir, { recursive: true });
});

const host = (shell = 'dash', tools: string[] = ['curl']) => {
  const path = shells.shells.find(([name]) => name === shell)?.[1] ?? '';
  return surroundings({ dir, shell: { path, env: { PATH: shells.pathOf(shell, tools) } } });
};
const from = 'target' as const;

describe.each(shells.shells.map(([name]) => name))('%s', (shell) => {
  test('text of every kind arrives as it is, and no list of processes shows it', async () => {
    visible.length = 0;
    const secret = 's3cret "\\ \' $x `y` %41 ä€😀 \n\t end';
    const fields = await answer(
      {
        url: `${server.url}/a`,
        from,
        query: { q: secret, glob: '[1-3]{a,b}' },
        json: { text: secret },
        headers: { 'X-Key': 's3cret "\\ \' $x', 'X-Empty': '' },
        auth: { basic: { user: 'u', password: secret } },
      },
      host(shell),
    );
    const echoed = fields['json'] as { url: string; body: string; headers: Record<string, string> };
    expect(new URL(echoed.url, server.url).searchParams.get('q')).toBe(secret);
    expect(new URL(echoed.url, server.url).searchParams.get('glob')).toBe('[1-3]{a,b}');
    expect(JSON.parse(echoed.body)).toEqual({ text: secret });
    expect(echoed.headers).toMatchObject({
      'x-key': 's3cret "\\ \' $x',
      'x-empty': '',
      authorization: `Basic ${Buffer.from(`u:${secret}`).toString('base64')}`,
      'content-type': 'application/json',
    });
    expect(visible).toHaveLength(1);
    expect(visible[0]).toContain('curl');
    expect(visible[0]).not.toContain('s3cret');
  });
});

test('files of the host are sent as they are, and in forms', async () => {
  const file = join(dir, 'it\'s a "file"');
  for (const path of ['/put', '/put/']) {
    const put = await answer({ url: server.url + path, method: 'PUT', src: file, from }, host());
    expect(put['json']).toMatchObject({ method: 'PUT', url: path, body: 'file text\n' });
  }
  const multipart = { a: '@/etc/passwd', f: { file, filename: 'x;y="z".txt', type: 'text/plain' } };
  const { json } = await answer({ url: server.url, multipart, from }, host());
  const { body } = json as { body: string };
  expect(body).toContain('name="a"\r\n\r\n@/etc/passwd\r\n');
  expect(body).toMatch(
    /name="f"; filename="x;y=(\\"|%22)z(\\"|%22).txt"\r\nContent-Type: text\/plain\r\n\r\nfile text\n/,
  );
  const raw = await answer({ url: server.url, body: '@/etc/passwd', from }, host());
  expect(raw['json']).toMatchObject({ body: '@/etc/passwd', method: 'POST' });
  expect((raw['json'] as { headers: object }).headers).not.toHaveProperty('content-type');
});

test.each(['GET', 'HEAD', 'DELETE', 'POST', 'OPTIONS', 'PATCH'])('%s', async (method) => {
  const fields = await answer({ url: `${server.url}/m`, method, from }, host());
  expect(server.last()).toMatchObject({ method, body: '' });
  expect(fields).toMatchObject({ status: 200, json: method === 'HEAD' ? null : { method } });
  expect(server.last().headers['user-agent']).toBe('play');
});

test('redirects, cookies, digests, errors and limits are as from here', async () => {
  const context = host();
  await answer({ url: `${server.url}/set`, session: 's', from }, context);
  const at = `${server.url}/end`;
  const fields = await answer({ url: `${server.url}/to`, query: { at }, session: 's', from }, context);
  expect(fields).toMatchObject({ url: at, redirects: [{ status: 302 }], cookies: { sid: 'abc' } });
  expect(server.last().headers.cookie).toBe('sid=abc');
  expect(await failure({ url: `${server.url}/404`, from }, context)).toContain('answered 404 Not Found: none');
  expect(await failure({ url: `${server.url}/cut`, from, retry: { delay: 0.01 } }, context)).toMatch(
    /Empty reply from server, 3 times/,
  );
  expect(await failure({ url: 'http://127.0.0.1:1/', from }, context)).toContain('Failed to connect');
  expect(await failure({ url: 'http://none.invalid/', from }, context)).toContain('Could not resolve host');
  expect(await failure({ url: `${server.url}/big`, from, max_size: 1000 }, context)).toContain(
    'larger than 1000 bytes',
  );
  expect(await answer({ url: `${server.url}/big`, from }, context)).toMatchObject({ bytes: 3_000_000 });
  expect(await failure({ url: server.url, from, body: 'x'.repeat(70_000) }, context)).toContain(
    'copy it to the host, and give its path as src',
  );
});

test('TLS, proxies and sockets of the host', async () => {
  const context = host();
  const secure = await serve((_, response) => void response.end('secure'), {
    tls: certificates.server({ asking: true }),
  });
  const keys = { ca: certificates.ca, cert: certificates.clientCert, key: certificates.clientKey };
  expect(await answer({ url: secure.url, from, ...keys }, context)).toMatchObject({ text: 'secure' });
  expect(await failure({ url: secure.url, from }, context)).toMatch(/certificate.*; ca: FILE.pem on the host/);
  const { ca: _, ...mine } = keys;
  expect(await answer({ url: secure.url, from, ...mine, verify: false }, context)).toMatchObject({ text: 'secure' });
  secure.close();
  const proxy = await startProxy({ password: 'secret' });
  visible.length = 0;
  await answer({ url: server.url, from, proxy: proxy.url.replace('//', '//user:secret@') }, context);
  expect(proxy.seen).toHaveLength(1);
  expect(visible.join()).not.toContain('secret@');
  proxy.close();
  const socket = join(dir, 'app.sock');
  const app = await serve((request, response) => void response.end(request.headers.host), { socket });
  expect(await answer({ url: 'http://app/', from, unix_socket: socket }, context)).toMatchObject({ text: 'app' });
  app.close();
});

test('nobody leads the host to itself', async () => {
  const context = { ...host(), isFromHosts: () => true };
  const count = server.seen.length;
  for (const name of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
    expect(await failure({ url: `http://${name}:${server.port}/`, from }, context)).toContain(
      'is this machine or its link',
    );
  expect(server.seen).toHaveLength(count);
});

describe('a name that a host has given', () => {
  /** A host whose names lead where we say; without an answer it has no getent. */
  function hostWith(found?: string, tools = ['curl']) {
    const bin = mkdtempSync(join(dir, 'bin-'));
    for (const tool of ['cat', 'sh']) symlinkSync(`/bin/${tool}`, join(bin, tool));
    for (const tool of tools) symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
    if (found !== undefined) {
      const lines = found.split(' ').map((address) => `echo '${address}  STREAM shop.example'`);
      writeFileSync(
        join(bin, 'getent'),
        `#!/bin/sh\n[ "$*" = 'ahosts shop.example' ] || exit 2\n${lines.join('\n')}\n`,
        {
          mode: 0o755,
        },
      );
    }
    return { ...surroundings({ dir, shell: { path: '/bin/sh', env: { PATH: bin } } }), isFromHosts: () => true };
  }
  const url = (): string => `http://shop.example:${server.port}/`;

  test.each(['127.0.0.1', '10.1.2.3 ::1', '169.254.169.254', '::ffff:127.0.0.1'])(
    'is looked up there before anything is sent: %s',
    async (found) => {
      const count = server.seen.length;
      expect(await failure({ url: url(), from, json: 1 }, hostWith(found))).toContain(
        'is this machine or its link, and the address comes from a host or a server; allow_local: true',
      );
      expect(server.seen).toHaveLength(count);
    },
  );

  test('is asked at the address that was looked at', async () => {
    const here = Object.values(networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === 'IPv4')?.address;
    if (here === undefined) return;
    const outer = await serve((_, response) => void response.end('hello'), { host: here });
    const told = await answer({ url: `http://shop.example:${outer.port}/a`, from }, hostWith(`${here} 10.255.255.1`));
    outer.close();
    expect(told).toMatchObject({ text: 'hello' });
    expect(outer.last().headers.host).toBe(`shop.example:${outer.port}`);
  });

  test('leads nowhere', async () => {
    expect(await failure({ url: url().replace('shop', 'none'), from }, hostWith('10.1.2.3'))).toContain(
      'the name none.example leads to no address there',
    );
  });

  test('where it cannot be looked up, nothing is sent that may have an effect, and nothing by wget', async () => {
    expect(await failure({ url: url(), from, json: 1 }, hostWith())).toContain(
      'where shop.example leads to cannot be seen there before it is sent: getent is missing; allow_local: true',
    );
    expect(await failure({ url: url(), from }, hostWith(undefined, ['wget']))).toContain('curl is not there');
  });

  test('a proxy of the host may be asked for it', async () => {
    const proxy = await startProxy();
    const asked = { url: `http://shop.example:${server.port}/`, from, proxy: proxy.url } as const;
    expect((await ask(asked, hostWith('127.0.0.1'))).fields).toMatchObject({ status: 502 });
    expect(proxy.last().url).toBe(url());
    proxy.close();
  });
});

describe('a host without curl', () => {
  test.each([
    ['dash', ['wget']],
    ['ash', []],
  ])('%s asks by wget %j when there is nothing to hide', async (shell, tools) => {
    const context = tools.length === 0 ? host(shell, []) : wgetOnly();
    const fields = await answer({ url: `${server.url}/plain?a=1`, from }, context);
    expect(fields).toMatchObject({ status: 200, reason: 'OK', json: { method: 'GET', url: '/plain?a=1' } });
    expect(fields['headers']).toMatchObject({ 'content-type': 'application/json' });
    expect(await failure({ url: `${server.url}/404`, from }, context)).toMatch(/404/);
    expect(await failure({ url: server.url, from, auth: { bearer: 't' } }, context)).toContain(
      'curl is not there; install curl there',
    );
    expect(await failure({ url: server.url, from, json: 1 }, context)).toContain('curl is not there');
  });

  test('and without both says so', async () => {
    const context = surroundings({ shell: { path: '/bin/sh', env: { PATH: dir } } });
    expect((await ask({ url: server.url, from }, context)).failed).toContain(
      'neither curl nor wget is there; install curl there',
    );
  });

  function wgetOnly() {
    return surroundings({ shell: { path: '/bin/sh', env: { PATH: shells.pathOf('ash', ['wget']) } } });
  }
});

test('what curl and wget print is read as it stands', () => {
  const printed = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\nA: b\r\nB:\r\n\r\nbody\r\n\r\nn0nce x\nn0nce 10.0.0.1\n';
  expect(shownAnswer(Buffer.from(printed), 'n0nce')).toEqual({
    status: 200,
    reason: '',
    headers: [
      ['A', 'b'],
      ['B', ''],
    ],
    body: Buffer.from('body\r\n\r\nn0nce x'),
    address: '10.0.0.1',
  });
  expect(() => shownAnswer(Buffer.from('nothing'), 'n')).toThrow('no answer of a server');
  const said = '--2026--  http://x/\n  HTTP/1.1 302 Found\n  Location: /y\n  HTTP/1.1 200 OK\n  A: b\nLength: 3\n';
  expect(wgetAnswer(Buffer.from('abc'), said)).toMatchObject({
    status: 200,
    headers: [
      ['A', 'b'],
      ['Length', '3'],
    ],
  });
  expect(() =>
    curlConfig(
      { method: 'POST', url: new URL('http://x'), headers: [], payload: { kind: 'text', text: 'a\0' } },
      { connectTimeout: 1, idleTimeout: 1, verify: true },
    ),
  ).toThrow('NUL');
});
