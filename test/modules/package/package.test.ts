import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { package as packageModule } from '../../../src/modules/host/package.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { context, converge, golden, probe, shells } from '../live.ts';
import { aptSandbox } from './apt-sandbox.ts';

type Params = Parameters<typeof packageModule.resource>[0];
const resource = (params: Params, check = false) => packageModule.resource(params, context({ check }));

describe('package', () => {
  it.each<[string, Params]>([
    ['apt-present', { name: ['git', 'libc6:i386', 'nginx=1.24*'], use: 'apt' }],
    ['apt-present-refresh', { name: 'git', update_cache: true, use: 'apt' }],
    ['apt-latest', { name: 'git', state: 'latest', update_cache: true, use: 'apt' }],
    ['apt-absent', { name: ['git', 'curl=1'], state: 'absent', use: 'apt' }],
    ['apk-present', { name: ['git', 'nginx=1.24.0-r1', 'curl=8.*'], update_cache: true, use: 'apk' }],
    ['apk-latest', { name: ['git'], state: 'latest', update_cache: true, use: 'apk' }],
    ['apk-absent', { name: ['git', 'curl'], state: 'absent', use: 'apk' }],
    ['auto', { name: 'git' }],
  ])('compiles %s', async (name, params) => {
    await expect(golden(name, resource(params))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('fetches nothing in check mode', () => {
    const params: Params = { name: 'git', state: 'latest', update_cache: true };
    expect(golden('', resource(params, true))).not.toContain('update 2>&1');
  });

  it.each<[string | string[], string]>([
    ['-o', '"-o" is not the name of a package'],
    ['hello-', '"hello-" is not the name of a package'],
    ['hell.*', '"hell.*" is not the name of a package'],
    ['a b', '"a b" is not the name of a package'],
    ['$(id)', '"$(id)" is not the name of a package'],
    ['a=1;id', '"a=1;id" is not the name of a package'],
    [['a=1', 'a=2'], '"a" is named twice, with different versions'],
  ])('refuses %j', (name, message) => {
    const said = () => {
      try {
        return resource({ name });
      } catch (error) {
        return error instanceof ProblemError ? error.problems.map((p) => sentence(p).message).join() : error;
      }
    };
    expect(said()).toBe(`package: ${message}`);
  });

  it('takes a list with commas, and nothing at all', async () => {
    expect(resource({ name: 'git, curl,git' }).expect).toBe('git installed\ncurl installed');
    expect(await converge(['dash'], resource({ name: [] }))).toMatchObject({ status: 'ok' });
  });
});

describe.each(Object.entries(shells))('package under %s', (_, shell) => {
  it('reads what is installed', async () => {
    const read = async (params: Params) => (await probe(shell, resource(params))).stdout.split('\n');
    expect(await read({ name: ['dpkg', 'play-no-such', 'libc6', 'dpkg:amd64'] })).toEqual([
      'dpkg installed',
      'play-no-such absent',
      'libc6 installed',
      expect.stringMatching(/^dpkg:amd64 (installed|absent)$/),
    ]);
    // awk is a name that packages provide.
    expect(await read({ name: 'awk' })).toEqual(['awk installed']);
    expect(await read({ name: ['awk', 'dpkg'], state: 'absent' })).toEqual(['awk absent', 'dpkg installed']);
    expect(await read({ name: ['dpkg=1.*', 'libc6=0.1', 'play-no-such=1'] })).toEqual([
      'dpkg 1.*',
      expect.stringMatching(/^libc6 [2-9]\.\d+/),
      'play-no-such absent',
    ]);
  });

  it('says so when there is no package manager', async () => {
    const ran = await probe(shell, resource({ name: 'git', use: 'apk' }), { PATH: '/nonexistent' });
    expect(ran).toMatchObject({ rc: 10, stderr: 'no apk here\n' });
  });
});

const hasApt = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');

/** A database and a repository of their own: nothing of this machine is touched. */
describe.runIf(hasApt)('package with apt', () => {
  it.each(Object.entries(shells))('installs, upgrades and removes under %s', async (_, shell) => {
    const apt = await aptSandbox();
    try {
      const ends = async (params: Params) => {
        const { status, before, after, stderr } = await converge(shell, resource(params), apt.env);
        return status === 'failed' || status === 'cannot tell' ? stderr : `${status}: ${before} -> ${after}`;
      };
      await apt.publish('tea', '1.0');
      await apt.publish('green-tea', '1.0', 'Provides: leaves\n');
      expect(await ends({ name: 'tea' })).toContain('Unable to locate package tea');
      expect(await ends({ name: 'tea', update_cache: true })).toBe('changed: tea absent -> tea installed');
      expect(await ends({ name: ['tea', 'leaves'] })).toBe(
        'changed: tea installed\nleaves absent -> tea installed\nleaves installed',
      );
      expect(await ends({ name: ['tea', 'leaves', 'green-tea=1.*'] })).toMatch(/^ok: /);

      await apt.publish('tea', '1.1');
      expect(await ends({ name: 'tea', state: 'latest' })).toBe('ok: tea latest -> tea latest');
      expect(await ends({ name: 'tea', state: 'latest', update_cache: true })).toBe(
        'changed: tea 1.0, latest is 1.1 -> tea latest',
      );
      expect(await ends({ name: 'tea=1.1' })).toMatch(/^ok: /);
      expect(await ends({ name: 'tea=1.0' })).toContain('--allow-downgrades');
      expect(await ends({ name: 'te.' })).toContain('Unable to locate package te.');
      expect(await ends({ name: ['tea', 'milk'], state: 'absent' })).toBe(
        'changed: tea installed\nmilk absent -> tea absent\nmilk absent',
      );
      expect(await ends({ name: 'tea', state: 'absent' })).toMatch(/^ok: /);
    } finally {
      await apt.remove();
    }
  });
});
