import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answer, ask, failure, surroundings } from './asking.ts';
import { type Answering, type Server, serve } from './servers.ts';

/* What is sent, and what is read of the answer: against a real server. */
let server: Server;
let other: Server;
let dir = '';
const packers: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

const answering: Answering = (request, response) => {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const packer = packers[path.slice(1)];
  if (packer)
    return response
      .writeHead(200, { 'content-encoding': path.slice(1), 'content-type': 'application/json' })
      .end(packer(Buffer.from('{"packed": true}')));
  if (path === '/raw-deflate')
    return response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync('packed'));
  if (path === '/not-gzip') return response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
  if (path === '/bomb')
    return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000)));
  if (path === '/latin1')
    return response
      .writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      .end(Buffer.from('caf\xe9', 'latin1'));
  if (path === '/status') return response.writeHead(Number(query)).end(`said ${query}`);
  if (path === '/to') return response.writeHead(302, { location: decodeURIComponent(query) }).end();
  if (path === '/to307') return response.writeHead(307, { location: decodeURIComponent(query) }).end();
  if (path === '/echo') return response.end(decodeURIComponent(query));
  if (path === '/see') return response.writeHead(303, { location: '/there' }).end();
  if (path === '/loop') return response.writeHead(301, { location: '/loop' }).end();
  if (path === '/set') return response.writeHead(200, { 'set-cookie': ['a=1; Path=/', 'b=2; Path=/only'] }).end();
  return response.writeHead(200, { 'content-type': 'application/json', 'x-two': ['1', '2'] }).end('{"n": [1, null]}');
};

beforeAll(async () => {
  server = await serve(answering);
  other = await serve(answering);
  dir = mkdtempSync(join(tmpdir(), 'play-http-'));
  writeFileSync(join(dir, 'a "b".txt'), 'file text\n');
});
beforeEach(() => {
  server.seen.length = 0;
  other.seen.length = 0;
});
afterAll(() => {
  server.close();
  other.close();
  rmSync(dir, { recursive: true });
});

describe('what is sent', () => {
  test('a query is added: lists give a name several times, null leaves it out', async () => {
    await answer({ url: `${server.url}/x?p=0`, query: { a: [1, 'zwei'], b: 'ä &', c: null, d: true } });
    expect(server.last().url).toBe('/x?p=0&a=1&a=zwei&b=%C3%A4+%26&d=true');
  });

  test('headers replace the usual ones whatever their case, and null takes one away', async () => {
    await answer({ url: server.url, headers: { 'user-agent': 'me', Accept: null, 'X-N': 5 } });
    expect(server.last().headers).toMatchObject({ 'user-agent': 'me', 'x-n': '5' });
    expect(server.last().headers.accept).toBeUndefined();
  });

  test.each([
    [{ json: { a: [1, 'ö'] } }, 'application/json', '{"a":[1,"ö"]}'],
    [{ json: null }, 'application/json', 'null'],
    [{ form: { a: [1, 2], b: 'x y&' } }, 'application/x-www-form-urlencoded', 'a=1&a=2&b=x+y%26'],
    [{ body: 'as it is\n' }, undefined, 'as it is\n'],
    [{ body: '' }, undefined, ''],
    [{ src: 'a "b".txt' }, undefined, 'file text\n'],
  ])('a body %j makes it a POST', async (params, type, body) => {
    const { changed, failed } = await ask({ url: server.url, ...params }, surroundings({ dir }));
    expect([changed, failed]).toEqual([true, undefined]);
    expect(server.last()).toMatchObject({ method: 'POST', body });
    expect(server.last().headers['content-type']).toBe(type);
    expect(server.last().headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  test('a form with files says their names as browsers do', async () => {
    const multipart = {
      a: 'one',
      f: [{ file: 'a "b".txt' }, { text: '{}', filename: 'x.json', type: 'application/json' }],
    };
    await answer({ url: server.url, multipart }, surroundings({ dir }));
    const boundary = /boundary=(.*)$/.exec(server.last().headers['content-type'] ?? '')?.[1] ?? '';
    expect(server.last().body.replaceAll(boundary, 'BOUNDARY').replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "--BOUNDARY
      Content-Disposition: form-data; name="a"

      one
      --BOUNDARY
      Content-Disposition: form-data; name="f"; filename="a %22b%22.txt"
      Content-Type: application/octet-stream

      file text

      --BOUNDARY
      Content-Disposition: form-data; name="f"; filename="x.json"
      Content-Type: application/json

      {}
      --BOUNDARY--
      "
    `);
    expect(server.last().headers['content-length']).toBe(String(server.last().body.length));
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s changes nothing', async (method) => {
    expect((await ask({ url: server.url, method })).changed).toBe(false);
  });

  test.each(['put', 'PATCH', 'DELETE', 'PROPFIND'])('%s changes something', async (method) => {
    expect((await ask({ url: server.url, method })).changed).toBe(true);
    expect(server.last().method).toBe(method.toUpperCase());
  });

  test('in check mode only what changes nothing is sent, and what follows in the session is not known', async () => {
    const check = surroundings({ more: { check: true } });
    expect(await ask({ url: server.url }, check)).toMatchObject({ changed: false, fields: { status: 200 } });
    const login = await ask({ url: `${server.url}/login`, form: { user: 'u' }, session: 's' }, check);
    expect(login).toMatchObject({ changed: true, isForecast: true });
    expect(login.message).toBe(`POST ${server.url}/login is sent only in the real run`);
    expect((await ask({ url: server.url, session: 's' }, check)).unknown).toContain('the session s');
    expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('what is read', () => {
  test('the fields of an answer', async () => {
    const fields = await answer({ url: `${server.url}/a?b=1#part` });
    expect(fields).toMatchObject({
      status: 200,
      reason: 'OK',
      json: { n: [1, null] },
      text: '{"n": [1, null]}',
      encoding: 'utf-8',
      url: `${server.url}/a?b=1`,
      redirects: [],
      attempts: 1,
      bytes: 16,
    });
    expect(fields['headers']).toMatchObject({ 'content-type': 'application/json', 'x-two': '1, 2' });
    expect(fields['elapsed']).toBeLessThan(5);
  });

  test.each(['gzip', 'deflate', 'br'])('%s is unpacked', async (name) => {
    expect((await answer({ url: `${server.url}/${name}` }))['json']).toEqual({ packed: true });
    expect(server.last().headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  test('raw deflate is unpacked, too, and what is not packed as it says is no answer', async () => {
    expect(await answer({ url: `${server.url}/raw-deflate` })).toMatchObject({ text: 'packed' });
    expect(await failure({ url: `${server.url}/not-gzip` })).toContain('the answer is not gzip, which it says to be');
  });

  test('a server of HTTP/1.0 that ends by closing, before all is read', async () => {
    const old = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(3_000_000)}`));
    });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const { port } = old.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    expect(await answer({ url })).toMatchObject({ status: 200, bytes: 3_000_000 });
    expect(await answer({ url, dest: 'old' }, surroundings({ dir }))).toMatchObject({ bytes: 3_000_000 });
    old.close();
  });

  test('the character set is the one that the server names', async () => {
    expect(await answer({ url: `${server.url}/latin1` })).toMatchObject({ text: 'café', json: null });
  });

  test('an answer that is too large, or becomes so when it is unpacked, is not kept', async () => {
    expect(await failure({ url: `${server.url}/bomb` })).toContain(
      'the answer is larger than 8388608 bytes; dest: FILE',
    );
    expect(await failure({ url: server.url, max_size: 15 })).toContain('larger than 15 bytes');
  });
});

describe('expect', () => {
  test.each([
    ['status', { url: '/status?404' }, 'the server answered 404 Not Found: said 404'],
    ['status', { url: '/status?200', expect: { status: [201, '3xx'] } }, '200 OK, not 201 or 3xx: said 200'],
    ['header', { url: '/', expect: { headers: { 'X-None': true } } }, 'the answer has no header X-None'],
    ['header', { url: '/', expect: { headers: { 'X-Two': false } } }, 'the answer has a header X-Two'],
    [
      'header',
      { url: '/', expect: { headers: { 'content-type': 'text/' } } },
      'is "application/json" and does not hold "text/"',
    ],
    ['text', { url: '/', expect: { text: ['n', 'm'] } }, 'the body does not hold "m": {"n": [1, null]}'],
    ['json', { url: '/status?200', expect: { json: true } }, 'the body is no JSON: said 200'],
    [
      'json',
      { url: '/', expect: { json: { required: ['id'], properties: { n: { items: { type: 'integer' } } } } } },
      "it must have required property 'id'; /n/1 must be integer",
    ],
    ['json', { url: '/', expect: { json: { type: 'nothing' } } }, 'expect.json is no JSON Schema'],
  ])('%s: %j', async (_, { url, ...params }, words) => {
    expect(await failure({ url: server.url + url, ...params })).toContain(words);
  });

  test.each([
    { url: '/status?404', expect: { status: [404, 410] } },
    { url: '/status?503', expect: { status: 'any' as const } },
    { url: '/', expect: { headers: { 'X-TWO': '1, 2', 'x-none': false }, text: '"n"' } },
    { url: '/', expect: { json: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } } },
  ])('fits: %j', async ({ url, ...params }) => {
    expect((await ask({ url: server.url + url, ...params })).failed).toBeUndefined();
  });

  test('a pattern of a schema cannot be made to take for ever', async () => {
    const url = `${server.url}/echo?${JSON.stringify(`${'a'.repeat(40)}!`)}`;
    const started = Date.now();
    expect(await failure({ url, expect: { json: { pattern: '^(a+)+$' } } })).toContain('must match pattern');
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});

describe('redirects', () => {
  test('are followed with all headers on the same server, and told', async () => {
    const auth = { bearer: 't' };
    const fields = await answer({ url: `${server.url}/to?/to%3F%2Fend`, auth, headers: { 'X-Key': 'k' } });
    expect(fields).toMatchObject({
      url: `${server.url}/end`,
      redirects: [
        { status: 302, url: `${server.url}/to?/to%3F%2Fend` },
        { status: 302, url: `${server.url}/to?/end` },
      ],
    });
    expect(server.last().headers).toMatchObject({ 'x-key': 'k', authorization: 'Bearer t' });
  });

  test('another origin gets no credentials, cookies or keys', async () => {
    const context = surroundings();
    await answer({ url: `${server.url}/set`, session: 's' }, context);
    const url = `${server.url}/to?${encodeURIComponent(`${other.url}/end`)}`;
    await answer(
      { url, auth: { basic: { user: 'u', password: 'p' } }, headers: { 'X-Key': 'k', Accept: 'x/y' } },
      context,
    );
    expect(other.last().headers).toMatchObject({ accept: 'x/y' });
    expect(Object.keys(other.last().headers)).not.toEqual(expect.arrayContaining(['authorization', 'x-key', 'cookie']));
    for (const name of ['authorization', 'x-key', 'cookie']) expect(other.last().headers[name]).toBeUndefined();
  });

  test('nor does the first one, once somebody else leads back to it', async () => {
    const back = `${other.url}/to?${encodeURIComponent(`${server.url}/delete`)}`;
    const url = `${server.url}/to?${encodeURIComponent(back)}`;
    await answer({ url, auth: { bearer: 't' }, headers: { 'X-Key': 'k' } });
    expect(server.last().url).toBe('/delete');
    for (const name of ['authorization', 'x-key']) expect(server.last().headers[name]).toBeUndefined();
  });

  test('after 303, and 302 of a POST, comes a GET without a body', async () => {
    await answer({ url: `${server.url}/see`, json: 1 });
    expect(server.last()).toMatchObject({ method: 'GET', url: '/there', body: '' });
    expect(server.last().headers['content-type']).toBeUndefined();
    await answer({ url: `${server.url}/to?/x`, json: 1 });
    expect(server.last()).toMatchObject({ method: 'GET', url: '/x' });
  });

  test('307 sends the body again, on the same server; elsewhere only when asked', async () => {
    await answer({ url: `${server.url}/to307?/x`, json: 1 });
    expect(server.last()).toMatchObject({ method: 'POST', url: '/x', body: '1' });
    const url = `${server.url}/to307?${encodeURIComponent(`${other.url}/x`)}`;
    expect(await failure({ url, json: 1 })).toContain(`leads on to ${other.url}, and wants the body there, too`);
    expect(other.seen).toEqual([]);
    await answer({ url, json: 1, redirects: 'all' });
    expect(other.last()).toMatchObject({ method: 'POST', body: '1' });
  });

  test('same_origin and none do not go far, a loop ends, and other schemes are refused', async () => {
    const away = `${server.url}/to?${encodeURIComponent(other.url)}`;
    expect(await failure({ url: away, redirects: 'same_origin' })).toContain('another origin');
    expect(await answer({ url: away, redirects: 'none' })).toMatchObject({ status: 302, url: away });
    expect(await failure({ url: `${server.url}/loop` })).toContain('leads on more than 20 times');
    expect(await failure({ url: `${server.url}/to?file:///etc/passwd` })).toContain('only http and https are followed');
  });
});

describe('mistakes in parameters', () => {
  test.each([
    [{ headers: { 'X-A': 'a\r\nX-B: b' } }, 'the header X-A holds a character that no header can'],
    [{ headers: { 'X A': 'a' } }, '"X A" cannot be the name of a header'],
    [{ headers: { 'Content-Length': '5' } }, 'Content-Length follows from the body'],
    [{ auth: { bearer: 'a\nb' } }, 'the bearer token holds a character that no header can'],
    [{ auth: { bearer: 'a', basic: { user: 'u', password: 'p' } } }, 'basic, digest, bearer exclude each other'],
    [{ src: 'none' }, 'src "none" is not there'],
    [{ multipart: { a: {} } }, 'multipart.a wants one of file and text'],
    [{ key: 'k' }, 'key is given without cert'],
    [{ proxy: 'proxy:no' }, 'proxy "proxy:no"'],
    [{ paginate: {} }, 'paginate wants one of link, next, cursor and page'],
    [{ checksum: 'md5:00' }, 'checksum is given without dest'],
    [{ dest: 'x', expect: { text: 'y' } }, 'read a body that dest puts into a file'],
    [{ dest: 'x', from: 'target' as const }, 'dest is a file of this machine'],
    [{ src: 'x', from: 'target' as const }, 'src "x" is a file of the host, and not absolute'],
    [{ method: 'HEAD', body: 'x' }, 'HEAD has no body'],
  ])('%j', async (params, words) => {
    await expect(ask({ url: server.url, ...params })).rejects.toThrow(words);
    expect(server.seen).toEqual([]);
  });
});
