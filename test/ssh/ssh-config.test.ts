import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsFor } from '../../src/ssh/host-settings.ts';
import { readSshConfig } from '../../src/ssh/ssh-config.ts';
import { must } from '../rig/run.ts';
import { refused } from '../transports/talk.ts';

let dir: string;
const { username: user, homedir: home } = userInfo();
const local = { user, home };
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'play-config-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
};
const settings = async (file: string, host: string) =>
  settingsFor(await readSshConfig(file, { home, required: true }), host, {}, local);

/** The same settings as ssh itself works them out. */
async function settingsOfSsh(file: string, host: string) {
  const lines = (await must('ssh', ['-G', '-F', file, host])).split('\n').map((line) => line.split(' '));
  const all = (keyword: string): string[] =>
    lines.filter(([word]) => word === keyword).map((words) => words.slice(1).join(' '));
  return {
    hostName: all('hostname')[0],
    user: all('user')[0],
    port: Number(all('port')[0]),
    proxyJump: all('proxyjump')[0],
  };
}

const example = `
# The first value wins.
User early
Host web*  !web9
  HostName %h.example.com
  User www
  Port 2200
Host web1 "db one"
  Port 2201
  IdentityFile "~/keys/web one"
host WEB?
  User upper
Host=jump.example
  ProxyJump none
Host in* out
  ProxyJump=ops@jump.example:2222,second
  IdentityFile ~/.ssh/%r@%n
  IdentityFile /keys/%%/%h-%p
Host *
  User late
  Port 22
  IdentityFile ~/.ssh/fallback
  UserKnownHostsFile ~/.ssh/kh1 "/etc/k h"
`;

describe('ssh_config', () => {
  test.each(['web1', 'web2', 'web9', 'WEB1', 'inside', 'out', 'jump.example', 'other', 'web', 'web1.example.com'])(
    'host %s gets what ssh would give it',
    async (host) => {
      const file = write('example', example);
      const { hostName, user: ours = user, port = 22, proxyJump } = await settings(file, host);
      const theirs = await settingsOfSsh(file, host);
      // ssh prints neither a missing ProxyJump nor one that is none.
      const jump = proxyJump === 'none' ? undefined : proxyJump;
      expect({ hostName, user: ours, port, proxyJump: jump }).toEqual(theirs);
    },
  );

  test('IdentityFile adds up and its tokens are expanded', async () => {
    const { identityFiles } = await settings(write('example', example), 'inside');
    expect(identityFiles).toEqual([`${home}/.ssh/early@inside`, '/keys/%/inside-22', `${home}/.ssh/fallback`]);
    const spaced = await settings(write('example', example), 'web1');
    expect(spaced.identityFiles[0]).toBe(`${home}/keys/web one`);
  });

  test('the known_hosts files are a list', async () => {
    const { userKnownHostsFiles } = await settings(write('example', example), 'web1');
    expect(userKnownHostsFiles).toEqual([`${home}/.ssh/kh1`, '/etc/k h']);
  });

  test('what the inventory says wins, also in the tokens', async () => {
    const config = await readSshConfig(write('example', example), { home, required: true });
    const { user: given, port, identityFiles } = settingsFor(config, 'inside', { user: 'me', port: 9 }, local);
    expect({ given, port, first: identityFiles.slice(0, 2) }).toEqual({
      given: 'me',
      port: 9,
      first: [`${home}/.ssh/me@inside`, '/keys/%/inside-9'],
    });
  });

  test('Include reads other files in place, by pattern, and inside a Host block only for that host', async () => {
    mkdirSync(join(dir, 'conf.d'), { recursive: true });
    write('conf.d/10-a.conf', 'Host web1\n  Port 2210\n');
    write('conf.d/20-b.conf', 'Host web1 web2\n  Port 2220\n');
    write('conf.d/.hidden.conf', 'Port 1\n');
    write('only-db', 'User dba\nHost *2\n  Port 5432\n');
    const text = `Include ${dir}/conf.d/*.conf ${dir}/not-there\nHost db*\n  Include ${dir}/only-db\nHost *\n  Port 22\n  User someone\n`;
    const file = write('main', text);
    for (const host of ['web1', 'web2', 'db1', 'db2', 'x2']) {
      const { hostName, user: ours, port, proxyJump } = await settings(file, host);
      expect({ host, hostName, user: ours, port, proxyJump }).toEqual({ host, ...(await settingsOfSsh(file, host)) });
    }
  });

  test('Match is not followed, never run, and said', async () => {
    const proof = join(dir, 'proof');
    const file = write('match', `Match exec "touch ${proof}"\n  Port 99\nMatch all\n  User x\nHost a\n  Port 7\n`);
    const config = await readSshConfig(file, { home, required: true });
    expect(settingsFor(config, 'a', {}, local)).toMatchObject({ port: 7 });
    expect(settingsFor(config, 'a', {}, local).user).toBeUndefined();
    expect(config.notes).toEqual([`${file}: Match blocks are not followed`]);
    expect(existsSync(proof)).toBe(false);
  });

  test('ProxyCommand is never run, and said, unless a ProxyJump comes first', async () => {
    const file = write(
      'proxy',
      'Host a\n  ProxyCommand nc %h %p\nHost b\n  ProxyJump j\nHost *\n  ProxyCommand x\n  ProxyJump k\n',
    );
    const a = await settings(file, 'a');
    expect({ jump: a.proxyJump, notes: a.notes }).toEqual({
      jump: undefined,
      notes: ['ProxyCommand for a in ssh_config is not followed; use ProxyJump'],
    });
    const b = await settings(file, 'b');
    expect({ jump: b.proxyJump, notes: b.notes }).toEqual({ jump: 'j', notes: [] });
  });

  test.each([
    ['an open quote', 'IdentityFile "abc\n', /Unexpected line break/],
    ['a Host without a name', 'Host', /is no valid ssh_config/],
    ['itself', 'Include SELF\n', /Include is nested more than 16 deep/],
  ])('a file with %s is refused with its name', async (_, text, words) => {
    const file = join(dir, 'bad');
    writeFileSync(file, text.replace('SELF', file));
    const { code, message, exit } = await refused(readSshConfig(file, { home, required: true }));
    expect({ code, exit }).toEqual({ code: 'E_SSH_CONFIG', exit: 2 });
    expect(message).toContain(file);
    expect(message).toMatch(words);
  });

  test('a Port that is none is refused', async () => {
    const file = write('port', 'Port ssh\n');
    const { message } = await refused(settings(file, 'a'));
    expect(message).toContain('Port ssh for a is no port');
  });

  test('the default file may be missing, one that was asked for may not', async () => {
    const missing = join(dir, 'not-there');
    expect((await readSshConfig(missing, { home, required: false })).lines).toEqual([]);
    expect((await refused(readSshConfig(missing, { home, required: true }))).code).toBe('E_SSH_CONFIG');
  });
});
