import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answer, ask, failure, surroundings } from './asking.ts';
import { type Server, serve } from './servers.ts';

/* Files that come from a server which may break off in the middle. */
let server: Server;
let dir = '';
const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const sum = `sha256:${createHash('sha256').update(content).digest('hex')}`;
/** How the server behaves. */
let breaks = 0;
let version = '"one"';
let ranges = true;

beforeAll(async () => {
  server = await serve((request, response) => {
    if (request.url === '/none') return response.writeHead(404).end('no such file');
    const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const condition = request.headers['if-range'];
    const part = ranges && wanted && (condition === undefined || condition === version);
    const from = part ? Number(wanted[1]) : 0;
    if (from >= content.length) return response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    const rest = content.subarray(from);
    response.writeHead(part ? 206 : 200, {
      'content-length': rest.length,
      ...(version !== '' && { etag: version }),
      ...(part && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (breaks-- <= 0) return response.end(rest);
    response.write(rest.subarray(0, 80_000));
    setTimeout(() => request.socket.destroy(), 100);
  });
});
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  dir = mkdtempSync(join(tmpdir(), 'play-http-'));
  server.seen.length = 0;
  breaks = 0;
  version = '"one"';
  ranges = true;
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

const here = () => surroundings({ dir });
const url = () => `${server.url}/big%20file.bin?x=1`;

test('a file comes whole, into a folder that is made, and a second time changes nothing', async () => {
  const first = await ask({ url: url(), dest: 'new/' }, here());
  const dest = join(dir, 'new/big file.bin');
  expect(first).toMatchObject({
    changed: true,
    fields: { dest, checksum: sum, bytes: 200_000, resumed: 0, status: 200 },
  });
  expect(readFileSync(dest).equals(content)).toBe(true);
  expect(server.last().headers['accept-encoding']).toBe('identity');
  chmodSync(dest, 0o600);
  expect((await ask({ url: url(), dest: 'new/' }, here())).changed).toBe(false);
  writeFileSync(dest, 'other');
  expect((await ask({ url: url(), dest: 'new/' }, here())).changed).toBe(true);
  expect(statSync(dest).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dir, 'new'))).toEqual(['big file.bin']);
});

test('with a checksum a file that is right is not asked for, and a wrong one never takes its place', async () => {
  writeFileSync(join(dir, 'f'), 'old');
  const wrong = await failure(
    { url: url(), dest: 'f', checksum: sum.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
    here(),
  );
  expect(wrong).toContain(`the checksum is another one: ${sum.replace(':', ' ')}`);
  expect(readFileSync(join(dir, 'f'), 'utf8')).toBe('old');
  expect(await ask({ url: url(), dest: 'f', checksum: sum.toUpperCase().replace('SHA', 'sha') }, here())).toMatchObject(
    { changed: true },
  );
  expect(await ask({ url: url(), dest: 'f', checksum: sum }, here())).toMatchObject({
    changed: false,
    message: 'the file is right already',
  });
  expect(server.seen).toHaveLength(2);
  expect(readdirSync(dir)).toEqual(['f']);
});

test('the next attempt goes on where one broke off', async () => {
  breaks = 2;
  const fields = await answer({ url: url(), dest: 'f', retry: { delay: 0.01 } }, here());
  expect(fields).toMatchObject({ checksum: sum, attempts: 3, bytes: 200_000, resumed: 160_000, status: 206 });
  expect(server.seen.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=80000-', 'bytes=160000-']);
  expect(server.last().headers['if-range']).toBe('"one"');
});

test('so does the next run, unless the file of the server is another one by now', async () => {
  breaks = 1;
  expect(await failure({ url: url(), dest: 'f' }, here())).toContain('broke the connection off');
  expect(existsSync(join(dir, 'f'))).toBe(false);
  version = '"two"';
  expect(await answer({ url: url(), dest: 'f' }, here())).toMatchObject({ checksum: sum, resumed: 0 });
  rmSync(join(dir, 'f'));
  breaks = 1;
  await failure({ url: url(), dest: 'f' }, here());
  expect(await answer({ url: url(), dest: 'f' }, here())).toMatchObject({ checksum: sum, resumed: 80_000 });
  expect(readdirSync(dir)).toEqual(['f']);
});

test('resume: false begins anew, and so does a server that knows no ranges or versions', async () => {
  for (const params of [{ resume: false }, {}, {}]) {
    if (server.seen.length > 0) ranges = false;
    if (server.seen.length > 2) version = '';
    breaks = 1;
    await failure({ url: url(), dest: 'f' }, here());
    expect(await answer({ url: url(), dest: 'f', ...params }, here())).toMatchObject({ checksum: sum, resumed: 0 });
    rmSync(join(dir, 'f'));
  }
  expect(server.last().headers.range).toBeUndefined();
});

test('what lies there and does not belong to the file is found out', async () => {
  const part = join(dir, 'f.web1.part');
  writeFileSync(part, Buffer.alloc(300_000));
  writeFileSync(`${part}.from`, '"one"');
  expect(await answer({ url: url(), dest: 'f' }, here())).toMatchObject({ checksum: sum, resumed: 0 });
  writeFileSync(part, 'wrong');
  const wrong = await failure({ url: url(), dest: 'g', checksum: sum, retry: { attempts: 1 } }, here()).catch(() => '');
  expect(wrong).toBe('');
  writeFileSync(join(dir, 'h.web1.part'), 'wrong');
  expect(await failure({ url: url(), dest: 'h', checksum: sum }, here())).toContain('the checksum is another one');
  expect(await answer({ url: url(), dest: 'h', checksum: sum }, here())).toMatchObject({ resumed: 0 });
});

test('tells from time to time how far it is', async () => {
  const slow = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 2 * 1024 * 1024 }).write(Buffer.alloc(1024 * 1024));
    setTimeout(() => response.end(Buffer.alloc(1024 * 1024)), 2_200);
  });
  const lines: string[] = [];
  await answer({ url: slow.url, dest: 'f' }, surroundings({ dir, more: { progress: (line) => lines.push(line) } }));
  slow.close();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^1\.\d MiB, [5-9]\d %$/);
});

test('an error of the server is no file, a folder is none, and a URL may have no name', async () => {
  expect(await failure({ url: `${server.url}/none`, dest: 'f' }, here())).toContain(
    'answered 404 Not Found: no such file',
  );
  mkdirSync(join(dir, 'folder'));
  expect(await failure({ url: url(), dest: 'folder' }, here())).toContain('is a directory; end dest with /');
  await expect(ask({ url: server.url, dest: 'x/' }, here())).rejects.toThrow('ends in no file name');
  expect(readdirSync(dir)).toEqual(['folder']);
});

test('check mode says what it knows and downloads nothing', async () => {
  const check = surroundings({ dir, more: { check: true } });
  expect(await ask({ url: url(), dest: 'f' }, check)).toMatchObject({ changed: true, isForecast: true });
  writeFileSync(join(dir, 'f'), content);
  expect((await ask({ url: url(), dest: 'f' }, check)).unknown).toContain('only the download tells');
  expect(await ask({ url: url(), dest: 'f', checksum: sum }, check)).toMatchObject({ changed: false });
  writeFileSync(join(dir, 'f'), 'x');
  expect(await ask({ url: url(), dest: 'f', checksum: sum }, check)).toMatchObject({ changed: true });
  expect(server.seen).toEqual([]);
});
