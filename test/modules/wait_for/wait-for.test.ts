import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../../src/modules/host/wait_for.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { act, golden, shells } from '../live.ts';

type Params = Parameters<typeof waitFor.resource>[0];

describe('wait_for', () => {
  it.each<[string, Params]>([
    ['port', { port: 8080 }],
    ['banner', { host: '2001:db8::1', port: 22, search_regex: "^SSH-'2'", timeout: 60, connect_timeout: 2 }],
    ['closed', { port: 8080, state: 'stopped', delay: 3, sleep: 2 }],
    ['path', { path: '-odd name', search_regex: '-v|x' }],
    ['path-gone', { path: '/run/lock', state: 'absent', msg: 'still locked' }],
    ['time', { timeout: 5 }],
  ])('compiles %s', async (name, params) => {
    await expect(golden(name, waitFor.resource(params))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each<[Params]>([[{ search_regex: 'x' }], [{ path: '/x', state: 'absent', search_regex: 'x' }]])(
    'refuses %j',
    (params) => {
      const said = () => {
        try {
          return waitFor.resource(params);
        } catch (error) {
          return error instanceof ProblemError ? error.problems.map((p) => sentence(p).message).join() : error;
        }
      };
      expect(said()).toBe('wait_for: search_regex is for a port or a path that is to be there');
    },
  );

  it('tells how long it was', () => {
    const { result } = waitFor.resource({ port: 80 });
    const outcome = { rc: 0, stdout: 'waited 12 s\n', stderr: '', changed: false };
    expect(result?.(outcome)).toEqual({ elapsed: 12, state: 'started', port: 80, path: null });
  });
});

let server: Server;
let port = 0;
let closed = 0;
let folder = '';

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220-welcome\r\n220 mail.example.com ready');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  closed = (other.address() as AddressInfo).port;
  await new Promise((resolve) => other.close(resolve));
  folder = await mkdtemp(join(tmpdir(), 'play-wait-'));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A PATH with nothing but these programs. */
async function only(tools: Record<string, string>): Promise<Record<string, string>> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  const all = {
    date: 'date',
    printf: 'printf',
    sleep: 'sleep',
    grep: 'grep',
    timeout: 'timeout',
    true: 'true',
    ...tools,
  };
  for (const [name, target] of Object.entries(all)) {
    const path = execFileSync(
      '/bin/sh',
      ['-c', 'PATH=$PATH:/usr/sbin:/sbin; command -p -v "$1" || command -v "$1"', 'sh', target],
      { encoding: 'utf8' },
    ).trim();
    await symlink(path.startsWith('/') ? path : `/usr/bin/${target}`, join(bin, name));
  }
  return { PATH: bin };
}

describe.each([['bash'], ['perl'], ['nc']])('a port, with nothing but %s on the host', (tool) => {
  it.each(Object.entries(shells))('is seen under %s', async (_, shell) => {
    const env = await only(tool === 'nc' ? { nc: 'busybox' } : { [tool]: tool });
    const ends = async (params: Params) => {
      const { rc, stderr } = await act(shell, waitFor.resource(params), env);
      return rc === 0 ? 'seen' : stderr.trim();
    };
    expect(await ends({ port })).toBe('seen');
    expect(await ends({ port: closed, timeout: 0 })).toBe(`127.0.0.1:${closed} does not answer after 0 s`);
    expect(await ends({ port: closed, state: 'stopped' })).toBe('seen');
    expect(await ends({ port, state: 'absent', timeout: 0, msg: 'it is up' })).toBe('it is up');
    const banner = { port, timeout: 0, connect_timeout: 1 };
    if (tool === 'nc') {
      expect(await ends({ ...banner, search_regex: 'x' })).toBe(
        'looking at a port needs bash or perl on the host, and it has none',
      );
      return;
    }
    expect(await ends({ ...banner, search_regex: '^220-w(el|x)come' })).toBe('seen');
    expect(await ends({ ...banner, search_regex: 'example\\.com ready$' })).toBe('seen');
    expect(await ends({ ...banner, search_regex: '$(id)`id`' })).toContain('does not say "$(id)`id`"');
  });
});

describe.each(Object.entries(shells))('wait_for under %s', (_, shell) => {
  const ends = async (params: Params) => {
    const { rc, stdout, stderr } = await act(shell, waitFor.resource(params));
    return `${rc} ${stdout}${stderr}`.trim();
  };

  it('waits for files', async () => {
    const path = join(folder, `it's a file`);
    await rm(path, { force: true });
    expect(await ends({ path, timeout: 0 })).toMatch(/^1 waited \d+ s\n.*it's a file does not exist after 0 s$/);
    expect(await ends({ path, state: 'absent', timeout: 0 })).toMatch(/^0 waited \d+ s$/);
    setTimeout(() => writeFile(path, 'one\n-v two\n'), 300);
    expect(await ends({ path, search_regex: '^-v (two|three)$', timeout: 20 })).toMatch(/^0 waited \d+ s$/);
    expect(await ends({ path, search_regex: 'three', timeout: 0 })).toMatch(
      /^1 .*\n.*does not hold "three" after 0 s$/,
    );
    setTimeout(() => rm(path), 300);
    expect(await ends({ path, state: 'absent', timeout: 20 })).toMatch(/^0 waited \d+ s$/);
  });

  it('says so when the host has no tool for ports', async () => {
    const ran = await act(shell, waitFor.resource({ port: 1 }), await only({}));
    expect(ran).toMatchObject({
      rc: 1,
      stderr: 'looking at a port needs bash, nc or perl on the host, and it has none\n',
    });
  });

  it('just waits', async () => {
    expect(await ends({ timeout: 0 })).toBe('0 waited 0 s');
  });
});
