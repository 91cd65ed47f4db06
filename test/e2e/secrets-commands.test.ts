import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDesk, type Desk } from '../rig/cli.ts';

let desk: Desk;
let recipient: string;
const identity = (): string => join(desk.home, '.config/play/identity');
const at = (file: string): string => join(desk.dir, file);
const text = (file: string): string => readFileSync(at(file), 'utf8');
const age = (args: string[], input?: string | Buffer): string =>
  execFileSync('age', args, {
    encoding: 'utf8',
    cwd: desk.dir,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
  });

beforeEach(async () => {
  desk = await createDesk();
  const made = await desk.play(['secret', 'keygen']);
  expect(made.exit).toBe(0);
  recipient = made.stdout.trim();
});
afterEach(() => desk?.[Symbol.asyncDispose]());

describe('keys', () => {
  test('are for their owner alone, are read by age, and are never replaced', async () => {
    expect(statSync(identity()).mode & 0o777).toBe(0o600);
    expect(execFileSync('age-keygen', ['-y', identity()], { encoding: 'utf8' }).trim()).toBe(recipient);
    const before = readFileSync(identity(), 'utf8');
    const again = await desk.play(['secret', 'keygen']);
    expect(again.exit).toBe(2);
    expect(again.stderr).toContain('there is an identity already');
    expect(readFileSync(identity(), 'utf8')).toBe(before);
  });
});

describe('files, to and from the age tool', () => {
  test.each(['', 'short\n', `${'long '.repeat(40_000)}\n`, '\0\u00ff binary \r\n'])('%#', async (plain) => {
    desk.file('a.txt', plain);
    expect((await desk.play(['secret', 'encrypt', 'a.txt'])).exit).toBe(0);
    expect(age(['-d', '-i', identity(), 'a.txt.age'])).toBe(plain);
    for (const form of [[], ['-a']]) {
      age(['-r', recipient, ...form, '-o', at('b.age')], plain);
      const opened = await desk.play(['secret', 'decrypt', 'b.age', '-o', 'b.txt']);
      expect([opened.exit, opened.stderr]).toEqual([0, '']);
      expect(text('b.txt')).toBe(plain);
    }
    expect(statSync(at('b.txt')).mode & 0o777).toBe(0o600);
  });

  test('for several people, named by keys, files and .play-recipients', async () => {
    execFileSync('age-keygen', ['-o', at('other.key')], { stdio: 'ignore' });
    const other = execFileSync('age-keygen', ['-y', at('other.key')], { encoding: 'utf8' }).trim();
    desk.file('a.txt', 'for two');
    desk.file('team', `# the team\n${other}\n`);
    await desk.play(['secret', 'encrypt', 'a.txt', '-r', 'team', '-r', recipient]);
    for (const key of [identity(), 'other.key']) expect(age(['-d', '-i', key, 'a.txt.age'])).toBe('for two');
    desk.file('.play-recipients', `${other}\n`);
    desk.file('b.txt', 'for the other');
    await desk.play(['secret', 'encrypt', 'b.txt']);
    expect(age(['-d', '-i', 'other.key', 'b.txt.age'])).toBe('for the other');
    const closed = await desk.play(['secret', 'decrypt', 'b.txt.age']);
    expect(closed.exit).toBe(7);
    expect(closed.stderr).toContain('encrypted for others than');
    expect((await desk.play(['secret', 'decrypt', 'b.txt.age', '--identity', 'other.key'])).stdout).toBe(
      'for the other',
    );
  });

  test('edit changes what the editor changed, leaves nothing behind, and writes nothing when nothing changed', async () => {
    age(['-r', recipient, '-o', at('a.yml.age')], 'key: old\n');
    const before = readFileSync(at('a.yml.age'));
    const same = await desk.play(['secret', 'edit', 'a.yml.age'], { env: { EDITOR: 'true' } });
    expect(same.stderr).toContain('nothing changed');
    expect(readFileSync(at('a.yml.age'))).toEqual(before);
    const failed = await desk.play(['secret', 'edit', 'a.yml.age'], { env: { EDITOR: 'false' } });
    expect(failed.exit).toBe(2);
    const seen = at('seen');
    const editor = `f() { echo "$1" > ${seen}; stat -c %a "$(dirname "$1")" >> ${seen}; sed -i s/old/new/ "$1"; }; f`;
    const done = await desk.play(['secret', 'edit', 'a.yml.age'], { env: { EDITOR: editor } });
    expect(done.exit).toBe(0);
    expect(age(['-d', '-i', identity(), 'a.yml.age'])).toBe('key: new\n');
    const [path = '', mode] = readFileSync(seen, 'utf8').split('\n');
    expect(path).toMatch(/a\.yml$/);
    expect(mode).toBe('700');
    expect(existsSync(path)).toBe(false);
  });
});

describe('values', () => {
  const playbook = (secret: string): string =>
    `- hosts: localhost\n  vars:\n    pass: ${secret.trim().replaceAll('\n', '\n    ')}\n  tasks:\n    - copy: { content: '<{{pass}}>', dest: '${at('out')}' }\n`;

  test.each(['simple', 'with {{braces}} {% and %} \\{{more', `"quotes" 'and' $x`, 'two\nlines\n'])(
    '%j goes into a playbook as it is, and comes out on the host as it was',
    async (plain) => {
      const { stdout } = await desk.play(['secret', 'encrypt', '--value'], { stdin: plain });
      expect(stdout).toMatch(/^!secret \|\n {2}-----BEGIN/);
      desk.file('site.yml', playbook(stdout));
      const ran = await desk.play(['site.yml']);
      expect([ran.exit, ran.stderr]).toEqual([0, '']);
      expect(text('out')).toBe(`<${plain}>`);
    },
  );

  test('rekey exchanges the values of a YAML file and not a byte beside them', async () => {
    execFileSync('age-keygen', ['-o', at('new.key')], { stdio: 'ignore' });
    const next = execFileSync('age-keygen', ['-y', at('new.key')], { encoding: 'utf8' }).trim();
    const value = (plain: string, indent: string): string =>
      age(['-r', recipient, '-a'], plain).trimEnd().replace(/^/gm, indent);
    const book = (a: string, b: string): string =>
      `# kept: é\r\nvars:\n  a:   !secret |\n${a}\n  list:\n    - b: !secret |\n${b}\n\n# end`;
    desk.file('vars.yml', book(value('first', '      '), value('second', '          ')));
    const before = text('vars.yml');
    const done = await desk.play(['secret', 'rekey', 'vars.yml', '-r', next]);
    expect(done.stderr).toContain('2 values encrypted for 1 key');
    const armor = /( *)-----BEGIN AGE[\s\S]*?END AGE ENCRYPTED FILE-----/g;
    expect(text('vars.yml').replace(armor, '$1X')).toBe(before.replace(armor, '$1X'));
    const opened = [...text('vars.yml').matchAll(armor)].map(([block]) =>
      age(['-d', '-i', 'new.key'], `${block.replace(/^ +/gm, '')}\n`),
    );
    expect(opened).toEqual(['first', 'second']);
    age(['-r', recipient, '-o', at('whole.age')], 'whole');
    await desk.play(['secret', 'rekey', 'whole.age', '-r', next]);
    expect(age(['-d', '-i', 'new.key', 'whole.age'])).toBe('whole');
  });

  test('play why tells where it stands, and not what it is', async () => {
    const { stdout } = await desk.play(['secret', 'encrypt', '--value'], { stdin: 'correct-horse-battery' });
    desk.file('site.yml', playbook(stdout).replace('pass:', 'greeting:').replace('{{pass}}', '{{greeting}}'));
    for (const format of ['text', 'json']) {
      const told = await desk.play(['why', 'greeting', 'site.yml', '--format', format]);
      expect(told.exit).toBe(0);
      expect(told.stdout).toContain('***');
      expect(told.stdout + told.stderr).not.toContain('correct-horse-battery');
    }
  });

  test('the key may stand in the environment, or in a file that is named', async () => {
    const { stdout } = await desk.play(['secret', 'encrypt', '--value'], { stdin: 'known' });
    desk.file('site.yml', playbook(stdout));
    const key = /AGE-SECRET-KEY-\S+/.exec(readFileSync(identity(), 'utf8'))?.[0] ?? '';
    const elsewhere = desk.file('my.key', `${key}\n`);
    chmodSync(elsewhere, 0o644);
    execFileSync('rm', [identity()]);
    const none = await desk.play(['site.yml']);
    expect(none.exit).toBe(7);
    expect(none.stderr).toContain('there is no identity to open it with (it is made for 1 X25519 key)');
    const linted = await desk.play(['lint', 'site.yml']);
    expect([linted.exit, linted.stderr]).toEqual([
      0,
      'note: not opened, so not checked: 1 !secret value; name the key with --identity\n',
    ]);
    expect((await desk.play(['site.yml'], { env: { PLAY_AGE_IDENTITY: key } })).exit).toBe(0);
    const open = await desk.play(['site.yml', '--identity', 'my.key', '-o', 'lines']);
    expect(open.exit).toBe(0);
    expect(open.stdout + open.stderr).toContain('can be read by others');
    expect((await desk.play(['site.yml', '--identity', 'nosuch'])).stderr).toContain('no such file');
  });

  test('every flipped bit of a file is noticed, and nothing of it is used', async () => {
    age(['-r', recipient, '-o', at('a.age')], 'the whole text');
    const good = readFileSync(at('a.age'));
    const { decrypt, AgeError } = await import('../../src/secrets/age.ts');
    const keys = { identities: [/AGE-SECRET-KEY-\S+/.exec(readFileSync(identity(), 'utf8'))?.[0] ?? ''] };
    for (let bit = 0; bit < good.length * 8; bit += 3) {
      const bad = Buffer.from(good);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      await expect(decrypt(bad, keys), `bit ${bit}`).rejects.toBeInstanceOf(AgeError);
    }
    for (const length of [0, 1, 30, good.length - 1])
      await expect(decrypt(good.subarray(0, length), keys)).rejects.toBeInstanceOf(AgeError);
  }, 60_000);

  test.each([
    ['plain', 'after "!secret" stands no text that age encrypted'],
    ['|\n  -----BEGIN AGE ENCRYPTED FILE-----\n  bm90aGluZw==\n  -----END AGE ENCRYPTED FILE-----', 'is damaged'],
    ['{ a: b }', 'a mapping'],
  ])('!secret %j is refused where it stands', async (written, message) => {
    desk.file('site.yml', playbook(`!secret ${written}`));
    const { exit, stdout } = await desk.play(['lint', 'site.yml']);
    expect(exit).toBeGreaterThan(0);
    expect(stdout).toContain(message);
    expect(stdout).toContain('site.yml:3:');
  });
});
