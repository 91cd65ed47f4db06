import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { valueAt } from '../../src/http/json-path.ts';
import { linksOf } from '../../src/http/link-header.ts';
import { answer, ask, failure } from './asking.ts';
import { type Server, serve } from './servers.ts';

/* Lists that come in pages. */
let server: Server;
const all = Array.from({ length: 7 }, (_, i) => ({ id: i }));

beforeAll(async () => {
  server = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const page = Number(searchParams.get('page') ?? searchParams.get('cursor') ?? 1);
    const offset = searchParams.has('offset') ? Number(searchParams.get('offset')) : (page - 1) * 3;
    const items = all.slice(offset, offset + 3);
    const more = offset + 3 < all.length;
    response.setHeader('content-type', 'application/json');
    if (pathname === '/link') {
      if (more) response.setHeader('link', `<?page=${page + 1}&kind=a>; rel="next last", </first>; rel=first`);
      return response.end(JSON.stringify(items));
    }
    if (pathname === '/next')
      return response.end(JSON.stringify({ data: { items }, links: { next: more ? `/next?page=${page + 1}` : null } }));
    if (pathname === '/cursor')
      return response.end(JSON.stringify({ items, meta: [{ cursor: more ? page + 1 : '' }] }));
    if (pathname === '/away') return response.end(JSON.stringify({ items, next: 'http://other.example/?page=2' }));
    if (pathname === '/circle') return response.end(JSON.stringify({ items, next: request.url }));
    if (pathname === '/breaks' && page === 2) return response.writeHead(500).end('{"error": "broken"}');
    return response.end(JSON.stringify(items));
  });
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(() => server.close());

test.each([
  ['the Link header', '/link?kind=a', { link: true as const }],
  ['a URL in the body', '/next', { next: 'links.next', items: 'data.items' }],
  ['a mark in the body', '/cursor?x=1', { cursor: { from: 'meta[0].cursor', query: 'cursor' }, items: 'items' }],
  ['a number', '/page', { page: { query: 'page' } }],
  ['a number and a size', '/page', { page: { query: 'page', size: 3 } }],
  ['an offset', '/page', { page: { query: 'offset', start: 0, step: 3 } }],
])('by %s', async (_, path, paginate) => {
  const fields = await answer({ url: server.url + path, paginate, headers: { 'X-Key': 'k' } });
  expect(fields).toMatchObject({ items: all, complete: true });
  expect(fields['pages']).toBe(server.seen.length);
  for (const { headers } of server.seen) expect(headers['x-key']).toBe('k');
  if (path.includes('?')) for (const { url } of server.seen) expect(url).toMatch(/kind=a|x=1/);
});

test('no more than max_pages; without it, very many are a failure', async () => {
  const paginate = { link: true as const, max_pages: 2 };
  expect(await answer({ url: `${server.url}/link`, paginate })).toMatchObject({
    items: all.slice(0, 6),
    pages: 2,
    complete: false,
  });
  const endless = await serve((_, response) => void response.end('[1]'));
  expect(await failure({ url: endless.url, paginate: { page: { query: 'p' } } })).toContain(
    'there are more than 1000 pages',
  );
  endless.close();
});

test('all pages together are not larger than max_size', async () => {
  const big = await serve((_, response) => void response.end(JSON.stringify(['x'.repeat(300)])));
  const params = { url: big.url, paginate: { page: { query: 'p' } }, max_size: 1000 };
  expect(await failure(params)).toContain('the pages are larger than 1000 bytes together; max_size allows more');
  expect(big.seen).toHaveLength(4);
  big.close();
});

test('a page that fails ends it, and so do a circle, another server, and no list', async () => {
  const broken = await ask({ url: `${server.url}/breaks`, paginate: { page: { query: 'page' } } });
  expect(broken.failed).toMatch(/\/breaks\?page=2: the server answered 500 Internal Server Error: {"error": "broken"}/);
  expect(broken.fields).toMatchObject({ items: all.slice(0, 3), pages: 2, complete: false });
  const next = { next: 'next', items: 'items' };
  expect(await answer({ url: `${server.url}/circle`, paginate: next })).toMatchObject({ pages: 1 });
  expect(await failure({ url: `${server.url}/away`, paginate: next })).toContain(
    '"http://other.example/?page=2", which is not on the same server',
  );
  expect(await failure({ url: `${server.url}/next`, paginate: { link: true, items: 'data' } })).toContain(
    'data of the body is no list; paginate.items names',
  );
});

test('Link headers as RFC 8288 writes them', () => {
  const link = '<a,b;c>; title="x, <y>; rel=no"; rel="next prev", <http://z.example/q>;rel=last , <ignored>';
  expect(
    linksOf(
      [
        ['Link', link],
        ['link', '</up>; rel=up; rel=down'],
      ],
      new URL('http://h.example/x/y'),
    ),
  ).toEqual({
    next: 'http://h.example/x/a,b;c',
    prev: 'http://h.example/x/a,b;c',
    last: 'http://z.example/q',
    up: 'http://h.example/up',
  });
});

test('paths of values', () => {
  const value = { a: [{ b: 1 }, null], __proto__x: 2 };
  expect([valueAt(value, ''), valueAt(value, 'a[0].b'), valueAt(value, 'a.1')]).toEqual([value, 1, null]);
  for (const path of ['b', 'a.length', 'constructor', 'a[1].b']) expect(valueAt(value, path), path).toBeUndefined();
});
