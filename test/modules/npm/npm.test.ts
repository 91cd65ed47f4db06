import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npm } from '../../../src/modules/host/npm.ts';
import { converge, shells } from '../live.ts';

/** A registry with two versions of one package, and nothing of the outside. */
let server: Server;
let registry = '';
const root = mkdtempSync(join(tmpdir(), 'play-npm-'));

beforeAll(async () => {
  const versions = ['1.0.0', '1.1.0', '2.0.0'];
  for (const version of versions) {
    mkdirSync(join(root, version, 'package'), { recursive: true });
    writeFileSync(join(root, version, 'package/package.json'), JSON.stringify({ name: 'tea', version }));
    execFileSync('tar', ['-czf', join(root, `${version}.tgz`), '-C', join(root, version), 'package']);
  }
  server = createServer((request, response) => {
    const version = versions.find((one) => request.url === `/${one}.tgz`);
    if (version !== undefined) return response.end(readFileSync(join(root, `${version}.tgz`)));
    if (request.url !== '/tea') return response.writeHead(404).end('{}');
    const entries = versions.map((one) => [
      one,
      { name: 'tea', version: one, dist: { tarball: `${registry}/${one}.tgz` } },
    ]);
    return response.end(
      JSON.stringify({ name: 'tea', 'dist-tags': { latest: '2.0.0' }, versions: Object.fromEntries(entries) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

type Params = Parameters<typeof npm.resource>[0];

// npm takes half a minute for this; its texts are tried under every shell by their cases.
describe.each(Object.entries(shells).filter(([name]) => name === 'dash'))(
  'npm with a registry under %s',
  (name, shell) => {
    it('takes the version that is asked for, and the newest', { timeout: 300_000 }, async () => {
      const path = join(root, name);
      const env = { npm_config_cache: join(root, 'cache') };
      const ends = async (params: Params) => {
        const resource = npm.resource({ path, registry, ...params });
        const { status, before, stderr } = await converge(shell, resource, env);
        return status === 'failed' || status === 'cannot tell' ? stderr : `${status}: ${before}`;
      };
      expect(await ends({ name: 'tea', version: '1.0.0' })).toBe('changed: tea absent');
      expect(await ends({ name: 'tea', version: '~1.1' })).toBe('changed: tea 1.0.0, not ~1.1');
      expect(await ends({ name: 'tea', version: '^1.0' })).toBe('ok: as asked');
      expect(await ends({ name: 'tea', state: 'latest' })).toBe('changed: tea 1.1.0, there is 2.0.0');
      expect(await ends({ name: 'tea', state: 'latest' })).toBe('ok: as asked');
      expect(await ends({ name: 'milk' })).toContain('404');
      expect(await ends({ name: 'tea', state: 'latest', registry: 'http://127.0.0.1:9' })).toContain('ECONNREFUSED');

      writeFileSync(join(path, 'package.json'), JSON.stringify({ dependencies: { tea: '^1.0.0' } }));
      expect(await ends({ name: 'tea', version: '1.0.0' })).toBe('changed: tea 2.0.0, not 1.0.0');
      writeFileSync(join(path, 'package.json'), JSON.stringify({ dependencies: { tea: '^1.0.0' } }));
      expect(await ends({})).toBe('ok: as asked');
      expect(await ends({ state: 'latest' })).toBe('changed: tea 1.0.0, there is 1.1.0');
    });
  },
);
