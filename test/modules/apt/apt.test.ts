import { utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { apt } from '../../../src/modules/host/apt.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { context, converge, golden, shells } from '../live.ts';
import { aptSandbox } from '../package/apt-sandbox.ts';

type Params = Parameters<typeof apt.resource>[0];
const resource = (params: Params, check = false) => apt.resource(params, context({ check }));

describe('apt', () => {
  it.each<[Params, string]>([
    [{}, 'apt: one of name, deb, upgrade, autoremove, update_cache, cache_valid_time is needed'],
    [{ name: 'git', upgrade: 'dist' }, 'apt: name and upgrade exclude each other'],
    [{ deb: 'https://example.com/a.deb' }, 'apt: deb "https://example.com/a.deb" is not a file of the host'],
    [{ deb: '/srv/a.deb', state: 'absent' }, 'apt: deb goes with state: present only'],
    [{ name: 'git-' }, 'apt: "git-" is not the name of a package'],
  ])('refuses %j', (params, message) => {
    const said = () => {
      try {
        return resource(params);
      } catch (error) {
        return error instanceof ProblemError ? error.problems.map((p) => sentence(p).message).join() : error;
      }
    };
    expect(said()).toBe(message);
  });

  it('fetches nothing in check mode', () => {
    for (const params of [{ upgrade: 'dist' }, { name: 'git', state: 'latest' }, { autoremove: true }] as Params[])
      expect(golden('', resource({ ...params, update_cache: true }, true))).not.toContain('update 2>&1');
  });

  it('has nothing to do without packages', () => {
    expect(resource({ name: [] }).expect).toBe('');
  });

  it('says so when there is no apt', async () => {
    const none = await converge(['dash'], resource({ upgrade: 'dist' }), { PATH: '/nonexistent' });
    expect(none).toMatchObject({ status: 'cannot tell', stderr: 'no apt-get here\n' });
  });
});

/** What is about all packages needs a database that no other test uses. */
describe.each(Object.entries(shells))('apt as a whole under %s', (_, shell) => {
  it('fetches lists, upgrades everything and removes what is not needed', async () => {
    const sandbox = await aptSandbox();
    try {
      const ends = async (params: Params) => {
        const { status, before, stderr } = await converge(shell, resource(params), sandbox.env);
        return status === 'failed' || status === 'cannot tell' ? stderr : `${status}: ${before}`;
      };
      await sandbox.publish('pot', '1.0');
      await sandbox.publish('tea', '1.0', 'Depends: pot\n');
      expect(await ends({ cache_valid_time: 3600 })).toBe('changed: lists to be fetched');
      expect(await ends({ cache_valid_time: 3600 })).toBe('ok: lists fetched');
      const old = new Date(Date.now() - 7200_000);
      await utimes(`${sandbox.env['APT_CONFIG']?.replace('apt.conf', 'var/lib/apt/lists')}`, old, old);
      expect(await ends({ cache_valid_time: 3600, update_cache: true })).toBe('changed: lists to be fetched');
      expect(await ends({ update_cache: true })).toBe('changed: lists to be fetched');

      expect(await ends({ name: 'tea' })).toBe('changed: tea absent');
      expect(await ends({ upgrade: 'dist' })).toBe('ok: everything is up to date');
      await sandbox.publish('tea', '1.1');
      expect(await ends({ upgrade: 'safe' })).toBe('ok: everything is up to date');
      expect(await ends({ upgrade: 'safe', cache_valid_time: 3600 })).toBe('ok: everything is up to date');
      expect(await ends({ name: '*', state: 'latest', update_cache: true })).toMatch(
        /^changed: install tea \[1\.0\] \(1\.1/,
      );
      expect(await ends({ autoremove: true })).toMatch(/^changed: remove pot \[1\.0\]/);
      expect(await ends({ autoremove: true })).toBe('ok: nothing to remove');
      expect(await ends({ name: 'pot', default_release: 'nowhere' })).toContain("value 'nowhere' is invalid");
    } finally {
      await sandbox.remove();
    }
  });
});
