import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../rig/run.ts';
import { createScene, goodHost, type HostVars, type Scene, type Told } from './scene.ts';

let scene: Scene;
/** The line of known_hosts that the host `bad` has, when it is as it should be. */
let line = '';
beforeAll(async () => {
  scene = await createScene({ hostKeys: ['ed25519', 'rsa'] });
});
beforeEach(() => {
  line = scene.rig.knownHosts().split('\n')[0] ?? '';
});
afterEach(async () => {
  expect(await scene.leftovers()).toEqual([]);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const bad: HostVars = { ansible_host: '127.20.0.1' };

/** Writes known_hosts: all but the lines about the host `bad`, for which there are these. */
function onFile(...lines: string[]): void {
  const others = scene.rig
    .knownHosts()
    .split('\n')
    .filter((one) => !one.startsWith('[127.20.0.1]'));
  scene.desk.file('~/.ssh/known_hosts', [...lines, ...others].join('\n'));
}

const known = (): string => readFileSync(join(scene.desk.home, '.ssh/known_hosts'), 'utf8');

async function run(args: readonly string[] = []): Promise<Told> {
  scene.hosts({ bad });
  const told = await scene.run(['site.yml', ...args]);
  expect(told.of('good')).toBe(goodHost);
  const shown = await scene.show();
  expect(shown.trouble).toBe(told.trouble);
  expect(shown.of('bad')).toBe(told.of('bad'));
  return told;
}

/** What sshd saw of logins while something ran. */
async function logins(work: () => Promise<unknown>): Promise<string[]> {
  const before = scene.rig.log().length;
  await work();
  return (
    scene.rig
      .log()
      .slice(before)
      .match(/(Accepted publickey|Failed|Postponed)/g) ?? []
  );
}

describe('row 9: a host key that is not known', () => {
  test('is refused without a terminal, with its fingerprint and how to trust it', async () => {
    onFile();
    const { exit, trouble } = await run();
    expect(exit).toBe(6);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_HOSTKEY_UNKNOWN
          the host key of 127.20.0.1:PORT is not known: ed25519 SHA256:…
          → compare it with the output of ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the host, then trust it with: ssh-keyscan -p PORT -t ed25519 127.20.0.1 >> DESK/.ssh/known_hosts (or run play once with --accept-new)"
    `);
  });

  test('is known after the command that the message gives', async () => {
    onFile();
    const hint = (await run()).raw.stdout;
    const command = /trust it with: (ssh-keyscan .*?) \(or/.exec(hint)?.[1] ?? 'false';
    await must('/bin/sh', ['-c', `${command} 2>/dev/null`]);
    const { exit, of } = await run();
    expect({ exit, bad: of('bad') }).toEqual({ exit: 0, bad: goodHost });
  });

  test('is written down with --accept-new, and known from then on', async () => {
    onFile();
    const { exit, of } = await run(['--accept-new']);
    expect({ exit, bad: of('bad') }).toEqual({ exit: 0, bad: goodHost });
    expect(known()).toContain(line);
    expect((await run()).exit).toBe(0);
  });

  test.each([
    ['yes', 0],
    ['no', 6],
  ])('is asked about on a terminal: %s', async (answer, exit) => {
    onFile();
    scene.hosts({ bad });
    const playing = await scene.start(['site.yml', '-o', 'lines'], { tty: true });
    await playing.says(/fingerprint|trust/i);
    playing.type(`${answer}\r`);
    const done = await playing.done;
    expect(done.exit).toBe(exit);
    const at = done.stdout.indexOf('bad: the host key');
    const question = done.stdout.slice(at, done.stdout.indexOf('[y/N]') + 5).replaceAll('\r', '');
    expect(question.replace(/:\d+/, ':PORT').replace(/SHA256:\S{43}/, 'SHA256:…')).toMatchInlineSnapshot(`
      "bad: the host key of 127.20.0.1:PORT is not known.
      Its ed25519 key has the fingerprint SHA256:….
      Trust it from now on? [y/N]"
    `);
    expect(known().includes(line)).toBe(answer === 'yes');
  });
});

describe('row 10: a host key that has changed', () => {
  test('is refused before any login, also with --accept-new', async () => {
    const [type = '', key = ''] = scene.rig.hostKeys[0]?.split(' ') ?? [];
    const other = key.replace(/.{8}$/, 'AAAAAAAA');
    const name = line.split(' ')[0] ?? '';
    for (const args of [[], ['--accept-new']]) {
      onFile('# a comment', `${name} ${type} ${other}`);
      let told: Told | undefined;
      const seen = await logins(async () => {
        told = await run(args);
      });
      expect(told?.exit).toBe(6);
      expect(told?.trouble).toMatchInlineSnapshot(`
        "✖ bad  unreachable  E_HOSTKEY_CHANGED
            THE HOST KEY OF 127.20.0.1:PORT HAS CHANGED: it shows ed25519 SHA256:…, on file is ed25519 SHA256:… (DESK/.ssh/known_hosts:2)
            → nothing was sent. Someone may be in between, or the host was installed anew. If you are sure, remove DESK/.ssh/known_hosts:2 (file:line) and run play again: it shows how to trust the new key"
      `);
      // The login of the host that works: signed at once, so nothing is postponed.
      expect(seen).toEqual(['Accepted publickey']);
      expect(known()).not.toContain(line);
    }
  });
});

describe('row 12: what known_hosts may say', () => {
  const name = (): string => line.split(' ')[0] ?? '';

  test('a hashed name is found', async () => {
    onFile(line);
    await must('ssh-keygen', ['-q', '-H', '-f', join(scene.desk.home, '.ssh/known_hosts')]);
    expect(known()).not.toContain('127.20.0.1');
    expect((await run()).exit).toBe(0);
  });

  test('a pattern is followed', async () => {
    onFile(`[127.20.*.1]:${scene.rig.port},!127.20.0.9 ${scene.rig.hostKeys[0]}`);
    expect((await run()).exit).toBe(0);
  });

  test('a revoked key is refused, whatever else is on file', async () => {
    onFile(line, `@revoked * ${scene.rig.hostKeys[0]}`);
    scene.hosts({ bad });
    const { exit, trouble, of } = await scene.run();
    expect(exit).toBe(6);
    // It is the key of all hosts of the rig.
    expect(of('good')).toMatch(/^unreachable /);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_HOSTKEY_REVOKED
          the host key of 127.20.0.1:PORT is revoked (DESK/.ssh/known_hosts:2): ed25519 SHA256:…
          → nothing was sent. The key is known to be in wrong hands; the host needs a new one

      ✖ good  unreachable  E_HOSTKEY_REVOKED
          the host key of 127.20.0.4:PORT is revoked (DESK/.ssh/known_hosts:2): ed25519 SHA256:…
          → nothing was sent. The key is known to be in wrong hands; the host needs a new one"
    `);
  });

  test('a host that is trusted by certificates only is refused', async () => {
    onFile(`@cert-authority ${name()} ${scene.rig.hostKeys[0]}`);
    const { exit, trouble } = await run();
    expect(exit).toBe(6);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad  unreachable  E_HOSTKEY_AUTHORITY
          127.20.0.1:PORT is trusted by host certificates only (DESK/.ssh/known_hosts:1), and play cannot check those; it shows ed25519 SHA256:…
          → add the plain host key to known_hosts beside the @cert-authority line"
    `);
  });

  test('a file that cannot be read is no empty file', async () => {
    scene.hosts({ bad });
    const { exit, trouble } = await scene.run(['site.yml', '--known-hosts', '/proc/self/mem']);
    expect(exit).toBe(6);
    expect(trouble).toMatchInlineSnapshot(`
      "✖ bad, good  unreachable  E_KNOWN_HOSTS
          the host keys in /proc/self/mem cannot be read: EIO: i/o error, read
          → without them no host can be trusted: make it a file that you may read, or name another one with --known-hosts"
    `);
  });
});

test('row 13: a key of another type on file is no false alarm', async () => {
  onFile(`${line.split(' ')[0]} ${scene.rig.hostKeys[1]}`);
  const { exit, of } = await run();
  expect({ exit, bad: of('bad') }).toEqual({ exit: 0, bad: goodHost });
});

test('row 14: four runs at once write known_hosts, and no line is lost or torn', async () => {
  scene.desk.file('~/.ssh/known_hosts', '');
  scene.hosts(Object.fromEntries([1, 2, 3].map((i) => [`new${i}`, { ansible_host: `127.20.0.${i}` }])));
  const limits = ['new1', 'new2', 'new3', 'good'];
  const runs = await Promise.all(limits.map((name) => scene.run(['site.yml', '--accept-new', '-l', name])));
  expect(runs.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
  const expected = [1, 2, 3, 4].map((i) => line.replace('127.20.0.1', `127.20.0.${i}`));
  expect(known().trim().split('\n').sort()).toEqual(expected);
});
