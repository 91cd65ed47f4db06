import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createJar } from '../../src/http/cookies.ts';
import { digestAnswer, digestChallenge } from '../../src/http/digest.ts';
import { answer, ask, surroundings } from './asking.ts';
import { type Answering, type Server, serve } from './servers.ts';

/* Who asks: cookies and credentials. */
async function started(answering: Answering): Promise<Server> {
  const server = await serve(answering);
  onTestFinished(() => server.close());
  return server;
}

describe('cookies', () => {
  const jarOf = (url: string, ...texts: string[]) => {
    const jar = createJar();
    jar.store(
      new URL(url),
      texts.map((text) => ['Set-Cookie', text] as const),
      0,
    );
    return (at: string, now = 0): string =>
      jar
        .cookiesFor(new URL(at), now)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
  };

  test.each([
    // RFC 6265, sections 5.1.3, 5.1.4, 5.2 and 5.4.
    ['of this host only', 'a=1', 'http://a.example/', 'a=1'],
    ['of this host only', 'a=1', 'http://b.a.example/', ''],
    ['below the domain', 'a=1; Domain=.a.example', 'http://b.a.example/', 'a=1'],
    ['not beside the domain', 'a=1; Domain=a.example', 'http://ba.example/', ''],
    ['no domain of somebody else', 'a=1; Domain=b.example', 'http://a.example/', ''],
    ['no domain without a dot', 'a=1; Domain=example', 'http://a.example/', ''],
    ['below the path', 'a=1; Path=/x', 'http://a.example/x/y', 'a=1'],
    ['not beside the path', 'a=1; Path=/x', 'http://a.example/xy', ''],
    ['by the path of the URL', 'a=1', 'http://a.example/', 'a=1'],
    ['not over plain http', 'a=1; Secure', 'http://a.example/', ''],
    ['over https', 'a=1; Secure', 'https://a.example/', 'a=1'],
    ['with what it holds', 'a=x=y z; HttpOnly; SameSite=Lax', 'http://a.example/', 'a=x=y z'],
    ['none without a name', '=1', 'http://a.example/', ''],
  ])('%s: %s', (_, text, at, sent) => {
    expect(jarOf('http://a.example/', text)(at)).toBe(sent);
  });

  test('last as long as they say, and go when they are set to the past', () => {
    expect(jarOf('http://a/', 'a=1; Max-Age=5')('http://a/', 4_999)).toBe('a=1');
    expect(jarOf('http://a/', 'a=1; Max-Age=5')('http://a/', 5_000)).toBe('');
    expect(jarOf('http://a/', 'a=1; Expires=Thu, 01 Jan 1970 00:00:05 GMT; Max-Age=9')('http://a/', 8_000)).toBe('a=1');
    expect(jarOf('http://a/', 'a=1', 'b=2', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT')('http://a/')).toBe('b=2');
  });

  test('the longest path comes first, and a later one of the same name replaces', () => {
    expect(jarOf('http://a/x/y', 'a=1; Path=/', 'b=2', 'a=3; Path=/')('http://a/x/z')).toBe('b=2; a=3');
  });
});

test('a session keeps cookies for its host and run; tasks without one share nothing', async () => {
  const { url, last } = await started((request, response) => {
    if (request.url === '/login') response.setHeader('set-cookie', ['sid=abc; Path=/; HttpOnly', 'x=y; Path=/']);
    response.end();
  });
  const context = surroundings();
  const login = await answer({ url: `${url}/login`, form: { user: 'u' }, session: 'shop' }, context);
  expect(login['cookies']).toEqual({ sid: 'abc', x: 'y' });
  await answer({ url, session: 'shop', headers: { 'X-A': '1' } }, context);
  expect(last().headers.cookie).toBe('sid=abc; x=y');
  await answer(
    { url, session: 'shop', headers: { cookie: 'mine=1', authorization: 'x' }, auth: { bearer: 't' } },
    context,
  );
  expect(last().headers).toMatchObject({ cookie: 'mine=1; sid=abc; x=y', authorization: 'Bearer t' });
  for (const params of [{ url }, { url, session: 'other' }]) {
    await answer(params, context);
    expect(last().headers.cookie).toBeUndefined();
  }
  await answer({ url, session: 'shop' }, surroundings());
  expect(last().headers.cookie).toBeUndefined();
});

test('basic and bearer are sent at once, also from the URL, which is shown without', async () => {
  const { url, last } = await started((_, response) => void response.end());
  await answer({ url, auth: { basic: { user: 'ü', password: 'p:w' } } });
  expect(last().headers.authorization).toBe(`Basic ${Buffer.from('ü:p:w').toString('base64')}`);
  await answer({ url, auth: { bearer: 'tok' } });
  expect(last().headers.authorization).toBe('Bearer tok');
  const fields = await answer({ url: url.replace('//', '//user:p%40ss@') });
  expect(last().headers.authorization).toBe(`Basic ${btoa('user:p@ss')}`);
  expect(fields['url']).toBe(`${url}/`);
});

describe('digest', () => {
  const account = { user: 'Mufasa', password: 'Circle of Life' };
  const told = {
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };

  // RFC 7616, section 3.9.1.
  test.each([
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ])('%s as the RFC has it', (algorithm, response) => {
    const challenge = digestChallenge([
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    ]);
    expect(challenge).toBeDefined();
    expect(digestAnswer({ challenge: challenge ?? {}, account, ...told })).toContain(`response="${response}"`);
  });

  test('the strongest challenge is taken, whether in one header or two', () => {
    const md5 = 'Digest realm="r", nonce="n", algorithm=MD5';
    const sha = 'Digest realm="r", nonce="n", algorithm=SHA-256';
    for (const headers of [[md5, sha], [`${md5}, ${sha}`], [`Basic realm="x", ${sha}`]])
      expect(digestChallenge(headers)?.['algorithm'], headers.join()).toBe('SHA-256');
    expect(digestChallenge(['Basic realm="Digest me"'])).toBeUndefined();
    expect(digestChallenge(['Digest realm="r", nonce="n", algorithm=NEW'])).toBeUndefined();
  });

  test('a request is sent again with its answer, and a wrong password is an end', async () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const { url, seen } = await started((request, response) => {
      const given = request.headers.authorization ?? '';
      const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? '';
      const a2 = md5(`${request.method}:${request.url}`);
      const right = md5(`${md5('u:r:p"w')}:n:${field('nc')}:${field('cnonce')}:auth:${a2}`);
      if (given !== '' && field('response') === right) return void response.end(request.body);
      response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end('no');
    });
    const digest = { user: 'u', password: 'p"w' };
    expect(await answer({ url: `${url}/a?b=c`, json: 1, auth: { digest } })).toMatchObject({ status: 200, json: 1 });
    expect(seen).toHaveLength(2);
    const wrong = await ask({ url, auth: { digest: { ...digest, password: 'x' } } });
    expect(wrong).toMatchObject({ failed: expect.stringContaining('401 Unauthorized: no') });
    expect(seen).toHaveLength(4);
  });
});
