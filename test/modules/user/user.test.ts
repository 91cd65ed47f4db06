import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { user } from '../../../src/modules/host/user.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { converge, golden, probe, runIn, shells } from '../live.ts';

type Params = Parameters<typeof user.resource>[0];
const hash = '$6$salt$Y2JkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg';

describe('user', () => {
  it.each<[string, Params]>([
    ['plain', { name: 'ann' }],
    ['system', { name: 'shop', system: true, home: '/srv/shop/', shell: '/usr/sbin/nologin', create_home: false }],
    [
      'whole',
      {
        name: 'ann',
        uid: 1234,
        group: 'staff',
        groups: 'www-data, adm',
        append: true,
        shell: '/bin/sh',
        home: '/home/ann',
        create_home: true,
        comment: "Ann O'Hara",
        password: hash,
      },
    ],
    ['no-groups', { name: 'ann', groups: [] }],
    ['absent', { name: 'bob', state: 'absent', remove: true }],
  ])('compiles %s', async (name, params) => {
    await expect(golden(name, user.resource(params))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each<[Params, string]>([
    [{ name: '-r' }, 'name "-r" is not a name that accounts can have'],
    [{ name: 'a:b' }, 'name "a:b" is not a name that accounts can have'],
    [{ name: '../etc' }, 'name "../etc" is not a name that accounts can have'],
    [{ name: 'a', groups: ['$(id)'] }, 'group "$(id)" is not a name that accounts can have'],
    [{ name: 'a', append: true }, 'append is for groups, and there are none'],
    [{ name: 'a', comment: 'x:0:0' }, 'comment must not hold a colon or a line break'],
    [{ name: 'a', home: 'srv' }, 'home "srv" is not a full path'],
    [{ name: 'a', shell: '/bin/sh\nroot::0:0' }, 'shell must not hold a colon or a line break'],
    [{ name: 'a', password: 'hunter2' }, 'password is not a hash'],
    [{ name: 'a', password: '' }, 'password is not a hash'],
    [{ name: 'a', remove: true }, 'remove is for state: absent'],
  ])('refuses %j', (params, message) => {
    const said = () => {
      try {
        return user.resource(params);
      } catch (error) {
        return error instanceof ProblemError ? error.problems.map((p) => sentence(p).message).join() : error;
      }
    };
    expect(said()).toBe(`user: ${message}`);
  });

  it('shows no hash in a diff', () => {
    const { expect: wanted } = user.resource({ name: 'ann', password: hash });
    expect(wanted).toBe('user present\npassword as given\nhome directory there');
  });
});

const canMake = process.getuid?.() === 0 && existsSync('/usr/sbin/useradd');

describe.runIf(canMake).each(Object.entries(shells))('user under %s', (label, shell) => {
  const name = `playtest-${process.pid}${label.slice(0, 2)}`;
  const home = `${tmpdir()}/${name}/home dir`;
  const ends = async (params: Omit<Params, 'name'>) => {
    const { status, before, stderr } = await converge(shell, user.resource({ name, ...params }));
    return `${status}: ${status === 'failed' || status === 'cannot tell' ? stderr.trim() : before.replaceAll('\n', ', ')}`;
  };

  it('is made, changed and removed', async () => {
    const params: Omit<Params, 'name'> = {
      uid: 64_000 + (process.pid % 1000),
      groups: ['audio', 'adm'],
      shell: '/bin/sh',
      home,
      comment: 'It\'s a \\n "test" $HOME ',
    };
    try {
      expect(await ends({ state: 'absent' })).toBe('ok: user absent');
      expect(await ends(params)).toBe('changed: user absent');
      expect(await ends(params)).toMatch(/^ok: /);
      expect((await stat(home)).uid).toBe(params.uid);

      expect(await ends({ group: 'games', groups: ['video'], append: true })).toMatch(
        /^changed: user present, group \d+, groups, home directory there$/,
      );
      expect(await ends({ group: 'games', groups: 'video', append: true })).toMatch(/^ok: /);
      expect(await ends({ groups: ['video'] })).toMatch(
        /^changed: user present, groups video,(adm,audio|audio,adm), home directory there$/,
      );
      expect(await ends({ groups: [] })).toBe('changed: user present, groups video, home directory there');
      expect(await ends({ groups: [] })).toBe('ok: user present, groups, home directory there');
      expect(await ends({ comment: '' })).toMatch(/^changed: user present, comment It's/);
      expect(await ends({ comment: '' })).toBe('ok: user present, comment, home directory there');

      expect(await ends({ password: hash })).toBe('changed: user present, password another, home directory there');
      expect(await ends({ password: hash })).toBe('ok: user present, password as given, home directory there');
      expect((await runIn(['dash'], `getent shadow ${name}`)).stdout).toContain(`:${hash}:`);

      await rm(home, { recursive: true });
      expect(await ends({ create_home: false })).toBe('ok: user present');
      expect(await ends({ comment: '' })).toBe('changed: user present, comment, home directory missing');
      const { uid, mode } = await stat(home);
      expect(uid).toBe(params.uid);
      // As useradd makes them: what UMASK in login.defs leaves, unless HOME_MODE says more.
      const said = /^UMASK\s+([0-7]+)/m.exec(readFileSync('/etc/login.defs', 'utf8'))?.[1] ?? '022';
      expect(mode & 0o777).toBe(0o777 & ~Number.parseInt(said, 8));

      await runIn(['dash'], `usermod -d /nonexistent ${name}`);
      expect(await ends({})).toBe('ok: user present, home directory there');
      expect(existsSync('/nonexistent')).toBe(false);
      await runIn(['dash'], `usermod -d '${home}' ${name}`);

      expect(await ends({ groups: ['play-no-such'] })).toBe('cannot tell: there is no group play-no-such');
    } finally {
      await ends({ state: 'absent', remove: true });
      await runIn(['dash'], `groupdel ${name}`);
      await rm(`${tmpdir()}/${name}`, { recursive: true, force: true });
    }
    expect(await ends({ state: 'absent' })).toBe('ok: user absent');
    expect(existsSync(home)).toBe(false);
  });

  it('is found without getent', async () => {
    // mksh has no printf of its own.
    const folder = await mkdtemp(`${tmpdir()}/playtest-`);
    await symlink('/usr/bin/printf', `${folder}/printf`);
    const without = { PATH: folder };
    const { stdout } = await probe(shell, user.resource({ name: 'root', uid: 0, group: 'root' }), without);
    expect(stdout).toBe('user present\nuid 0\ngroup root\nhome directory there');
    const none = await converge(shell, user.resource({ name: 'playtest-none' }), without);
    await rm(folder, { recursive: true });
    expect(none.stderr).toBe('there is no useradd here; play makes users with the tools of the package shadow\n');
  });
});
