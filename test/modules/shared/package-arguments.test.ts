import { expect, it } from 'vitest';
import type { HostModule } from '../../../src/model/module.ts';
import type { Fields } from '../../../src/model/value.ts';
import { modules } from '../../../src/modules/index.gen.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { context } from '../live.ts';

/** What a package module says of parameters that it cannot take. */
async function said(name: string, params: Fields): Promise<unknown> {
  try {
    return await (modules[name] as HostModule).resource(params, context());
  } catch (error) {
    return error instanceof ProblemError ? error.problems.map((p) => sentence(p).message).join() : error;
  }
}

const source = { name: 'shop', uris: 'https://example.com', suites: 'stable', components: 'main' };

it.each<[string, Fields, string]>([
  ['deb822_repository', { ...source, name: '!' }, 'name "!" has no letters or digits to name a file after'],
  ['deb822_repository', { ...source, uris: [] }, 'uris is missing'],
  ['deb822_repository', { ...source, components: '' }, 'components is missing'],
  ['deb822_repository', { ...source, suites: './' }, 'components do not go with a suite that ends in /'],
  ['deb822_repository', { ...source, signed_by: 'https://a/b' }, 'signed_by "https://a/b" is an address'],
  ['deb822_repository', { ...source, components: 'main\nTrusted: yes' }, 'components holds several lines'],
  [
    'apt_repository',
    { repo: 'ppa:nginx/stable' },
    'repo "ppa:nginx/stable" is a PPA, whose key would have to be fetched',
  ],
  [
    'apt_repository',
    { repo: 'https://example.com stable main' },
    'repo "https://example.com stable main" is not a source',
  ],
  ['apt_repository', { repo: 'deb a b c\ndeb d e f' }, 'repo holds several lines'],
  ['dnf', { name: '@development' }, '"@development" is a group, which cannot be looked up'],
  ['dnf', { name: '-x' }, '"-x" is not the name of a package'],
  ['dnf', {}, 'one of name, autoremove is needed'],
  ['zypper', { name: '*' }, 'state: present needs names of packages'],
  ['zypper', { name: 'git', state: 'dist-upgrade' }, 'state: dist-upgrade is about all packages'],
  ['pacman', { name: 'git', upgrade: true }, 'name and upgrade exclude each other'],
  ['pacman', { upgrade: false }, 'upgrade: false without a name is nothing to do'],
  ['apk', { name: 'git', available: true }, 'available goes with upgrade'],
  ['homebrew', { name: '--HEAD' }, '"--HEAD" is not the name of a formula'],
  ['pip', { name: '--user' }, '"--user" would be an option of pip'],
  ['pip', { name: ['a', 'b'], version: '1' }, 'version goes with one name'],
  ['pip', { name: 'a', executable: '/opt/bin/python' }, 'executable "/opt/bin/python" is not the name of a pip'],
  ['npm', { name: 'a@1', path: '/srv/a' }, '"a@1" is not the name of a package'],
  ['npm', { name: 'a', path: '/srv/a', ci: true }, 'ci is about a whole project'],
  ['npm', { path: 'srv' }, 'path "srv" is not absolute'],
  ['npm', { global: true }, 'name is missing'],
])('%s %j', async (name, params, message) => {
  expect(await said(name, params)).toBe(`${name}: ${message}`);
});

it.each(['dnf', 'zypper', 'pacman', 'apk'])('%s has nothing to do without packages', async (name) => {
  expect(await said(name, { name: [] })).toMatchObject({ expect: '', apply: { sh: ':' } });
});

it('names the file of a source after its address, without protocol and account', async () => {
  const repo = 'deb [arch=amd64] https://ann:pw@apt.example.com/a-b stable main';
  expect(await said('apt_repository', { repo })).toMatchObject({
    apply: { sh: expect.stringContaining('"$play_src_d"apt_example_com_a_b.list') },
  });
});
