import { execFileSync } from 'node:child_process';
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
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/* Files of a real web server, and archives, on hosts behind a real sshd. */
let stage: Stage;
let server: Server;
let base = '';
/** Where `/elsewhere` leads. */
let led = '';
const asked: string[] = [];
const content = 'the program\n';
const sum = createHash('sha256').update(content).digest('hex');

beforeAll(async () => {
  stage = await openStage('ssh', 2);
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['x-token'] ?? ''}`.trim());
    if (request.url === '/private' && request.headers.authorization !== `Basic ${btoa('shop:s3cret "x"')}`)
      return response.writeHead(401).end();
    if (request.url === '/moved') return response.writeHead(302, { location: '/tool' }).end();
    if (request.url === '/elsewhere') return response.writeHead(302, { location: led }).end();
    if (request.url === '/none') return response.writeHead(404).end('no such thing');
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  asked.length = 0;
  return stage.clean();
});
afterAll(async () => {
  server.close();
  await stage?.[Symbol.asyncDispose]();
});

const at = (host: string, path: string): string => join(stage.rig?.accounts['app']?.home ?? '', 'places', host, path);

describe('get_url', () => {
  test('the host downloads once, checks, and asks no more when the checksum is right', async () => {
    const book = `- hosts: all\n  tasks:\n    - get_url: { url: '${base}/tool', dest: '{{place}}/', checksum: 'sha256:${sum}', mode: '0755' }\n`;
    expect((await stage.run(book, ['--check'])).did('web1').join()).toMatch(/^would-change get_url/);
    expect(asked).toEqual([]);
    const first = await stage.run(book);
    expect(first.exit, first.stdout).toBe(0);
    expect(readFileSync(at('web1', 'tool'), 'utf8')).toBe(content);
    expect(statSync(at('web2', 'tool')).mode & 0o777).toBe(0o755);
    expect(asked).toHaveLength(2);
    chmodSync(at('web1', 'tool'), 0o600);
    const second = await stage.run(book);
    expect([second.did('web1')[0]?.split(' ')[0], second.did('web2')[0]?.split(' ')[0]]).toEqual(['changed', 'ok']);
    expect(statSync(at('web1', 'tool')).mode & 0o777).toBe(0o755);
    expect(asked).toHaveLength(2);
    expect(readdirSync(at('web1', ''))).toEqual(['tool']);
  });

  test('follows, sends headers and passwords that no process list shows, and with force replaces only what differs', async () => {
    const book = `
- hosts: web1
  tasks:
    - get_url: { url: '${base}/moved', dest: '{{place}}/moved', headers: { X-Token: 'a "b" \\c' } }
    - get_url: { url: '${base}/private', dest: '{{place}}/private', url_username: shop, url_password: 's3cret "x"', force: true }
`;
    const first = await stage.run(book);
    expect(first.exit, first.stdout).toBe(0);
    expect(asked).toContain('GET /moved a "b" \\c');
    expect(readFileSync(at('web1', 'private'), 'utf8')).toBe(content);
    const second = await stage.run(book);
    expect(second.did('web1').map((line) => line.split(' ')[0])).toEqual(['ok', 'ok']);
    expect(asked.filter((line) => line.startsWith('GET /private'))).toHaveLength(2);
  });

  test('keeps the old file, and leaves nothing behind, when the server refuses or sends something else', async () => {
    writeFileSync(at('web1', 'tool'), 'old\n');
    const { stdout } = await stage.run(`
- hosts: web1
  tasks:
    - get_url: { url: '${base}/none', dest: '{{place}}/tool', force: true }
      ignore_errors: true
    - get_url: { url: '${base}/tool', dest: '{{place}}/tool', checksum: 'sha256:${sum.replace(/^./, '0')}' }
      ignore_errors: true
    - get_url: { url: '${base}/tool', dest: '{{place}}' }
      ignore_errors: true
    - get_url: { url: 'http://127.0.0.1:1/tool', dest: '{{place}}/other' }
      ignore_errors: true
`);
    expect(stdout).toContain('404');
    expect(stdout).toContain(`the checksum is another one: sha256 ${sum}`);
    expect(stdout).toContain('is a directory');
    expect(readFileSync(at('web1', 'tool'), 'utf8')).toBe('old\n');
    expect(readdirSync(at('web1', ''))).toEqual(['tool']);
  });

  test.each([
    ['goes through this machine where the host has neither curl nor wget', '', 'controller'],
    ['is done by the wget of busybox, too', '/bin/busybox', 'host'],
  ])('%s', async (_, wget, via) => {
    const bin = withoutTools();
    if (wget !== '') symlinkSync(wget, join(bin, 'wget'));
    rmSync(join(stage.desk.dir, 'got'), { force: true });
    stage.desk.file(
      'local.yml',
      `- hosts: localhost\n  tasks: [{ get_url: { url: '${base}/tool', dest: ${stage.desk.dir}/got, checksum: 'sha256:${sum}' }, register: got }, { debug: 'via {{got.via}}' }]\n`,
    );
    const { stdout, exit } = await stage.desk.play(['local.yml', '-o', 'lines'], { env: { PATH: bin } });
    expect(exit, stdout).toBe(0);
    expect(stdout).toContain(`via ${via}`);
    expect(readFileSync(join(stage.desk.dir, 'got'), 'utf8')).toBe(content);
  });

  test('this machine lends itself to nobody: no key for another server, no address of its own that a host has named', async () => {
    const other = createServer((request, response) => {
      asked.push(`other ${request.headers['x-token'] ?? 'no token'}`);
      response.end('elsewhere');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    led = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const dest = join(stage.desk.dir, 'lent');
    stage.desk.file(
      'lent.yml',
      `
- hosts: localhost
  tasks:
    - get_url: { url: '${base}/elsewhere', dest: '${dest}', headers: { X-Token: key } }
    - command: echo ${base}
      register: named
    - get_url: { url: '{{named.stdout}}/tool', dest: '${dest}2' }
`,
    );
    const { stdout, exit } = await stage.desk.play(['lent.yml', '-o', 'lines'], { env: { PATH: withoutTools() } });
    other.close();
    expect(asked).toEqual(['GET /elsewhere key', 'other no token']);
    expect(readFileSync(dest, 'utf8')).toBe('elsewhere');
    expect(exit).toBe(3);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'is this machine or its link, and the address comes from a host or a server; with curl on it, the host asks by itself',
    );
    expect(existsSync(`${dest}2`)).toBe(false);
  });

  /** A folder for PATH that has everything but curl and wget. */
  function withoutTools(): string {
    const bin = mkdtempSync(join(stage.desk.dir, 'bin-'));
    for (const name of readdirSync('/usr/bin'))
      if (!/^(curl|wget)/.test(name)) symlinkSync(`/usr/bin/${name}`, join(bin, name));
    return bin;
  }
});

describe('unarchive', () => {
  test('puts what an archive of this machine holds on the host, once', async () => {
    mkdirSync(join(stage.desk.dir, 'app/bin'), { recursive: true });
    writeFileSync(join(stage.desk.dir, "app/it's here"), 'text\n');
    writeFileSync(join(stage.desk.dir, 'app/bin/run'), '#!/bin/sh\n', { mode: 0o755 });
    execFileSync('tar', ['-czf', 'app.tar.gz', 'app'], { cwd: stage.desk.dir });
    const book = "- hosts: all\n  tasks: [{ unarchive: { src: app.tar.gz, dest: '{{place}}' } }]\n";
    expect((await stage.run(book, ['--check'])).did('web1').join()).toMatch(/^would-change unarchive/);
    expect(existsSync(at('web1', 'app'))).toBe(false);
    const first = await stage.run(book);
    expect(first.exit, first.stdout).toBe(0);
    expect(readFileSync(at('web2', "app/it's here"), 'utf8')).toBe('text\n');
    expect(statSync(at('web2', 'app/bin/run')).mode & 0o111).not.toBe(0);
    expect((await stage.run(book)).did('web2').join()).toMatch(/^ok unarchive/);
  });

  test('unpacks an archive that lies on the host, and says what differs afterwards', async () => {
    execFileSync('sh', [
      '-c',
      `cd '${at('web1', '')}' && mkdir in out && echo one >in/a && tar -cf a.tar -C in a && chmod -R a+rwX .`,
    ]);
    const book =
      "- hosts: web1\n  tasks: [{ unarchive: { src: '{{place}}/a.tar', dest: '{{place}}/out', remote_src: true } }]\n";
    expect((await stage.run(book, ['--check'])).did('web1').join()).toMatch(/^would-change/);
    expect(existsSync(at('web1', 'out/a'))).toBe(false);
    const first = await stage.run(book);
    expect(first.exit, first.stdout).toBe(0);
    expect(readFileSync(at('web1', 'out/a'), 'utf8')).toBe('one\n');
    expect((await stage.run(book)).did('web1').join()).toMatch(/^ok/);
  });

  test('refuses a member that leads out of the folder, here and on the host, and writes nothing', async () => {
    const evil = join(stage.desk.dir, 'evil.tar');
    execFileSync(
      'sh',
      [
        '-c',
        `mkdir -p sub/in && echo x >sub/evil && echo y >sub/in/good && cd sub/in && tar -P -cf '${evil}' good ../evil`,
      ],
      { cwd: stage.desk.dir },
    );
    writeFileSync(at('web1', 'evil.tar'), readFileSync(evil));
    mkdirSync(at('web1', 'out'));
    chmodSync(at('web1', 'out'), 0o777);
    const { stdout } = await stage.run(`
- hosts: web1
  tasks:
    - unarchive: { src: evil.tar, dest: '{{place}}/out' }
      ignore_errors: true
    - unarchive: { src: '{{place}}/evil.tar', dest: '{{place}}/out', remote_src: true }
      ignore_errors: true
    - unarchive: { src: hosts.yml, dest: '{{place}}/out' }
      ignore_errors: true
    - unarchive: { src: evil.tar, dest: '{{place}}/none' }
      ignore_errors: true
`);
    expect(stdout).toContain('its member ../evil would lie outside of');
    expect(stdout).toContain('this member would lie outside of');
    expect(stdout).toContain('hosts.yml cannot be unpacked');
    expect(stdout).toContain('none is no folder');
    expect(readdirSync(at('web1', 'out'))).toEqual([]);
    expect(existsSync(at('web1', 'evil'))).toBe(false);
  });
});
