import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findShells } from '../modules/rig/shells.ts';
import { file, inWholePrograms, type LiveHost, line, liveHost, sha256, statuses, text } from './live.ts';

const { shells, remove } = findShells();
const base = mkdtempSync(join(tmpdir(), 'play-files-'));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  remove();
});

const ignored = { ignoreErrors: true };
const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8).padStart(4, '0');

describe.each([...shells, inWholePrograms])('a file written under %s', (name, shell, whole = false) => {
  let host: LiveHost;
  let dir: string;
  let count = 0;
  beforeAll(() => {
    host = liveHost({ shell, whole });
  });
  beforeEach(() => {
    count += 1;
    dir = join(base, `${name}-${count}`);
    mkdirSync(dir);
  });
  afterAll(async () => {
    await host.link.close();
    expect(host.hasRunDirectory()).toBe(false);
    const left = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((each) => each.includes('.play-'));
    expect(left, 'no temp file is left').toEqual([]);
  });

  test('has the bytes it was given, whatever they are', async () => {
    const contents = [
      Buffer.alloc(0),
      Buffer.from('\n'),
      Buffer.from('no newline at the end'),
      Buffer.from(`'"$HOME\`id\`\\n%s %%\\\n\n\n#q\n`),
      Buffer.from('é€🚀\r\n\x01\x1b\x1e'),
      Buffer.from([0, 1, 2, 255]),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('x'.repeat(65_536)),
      Buffer.from(`${'y'.repeat(65_536)}z`),
      randomBytes(65_536 * 3),
      randomBytes(200_001),
    ];
    const steps = contents.map((content, i) => file(join(dir, String(i)), content));
    const first = await host.run([...steps, text('echo next')]);
    expect(new Set(statuses(first))).toEqual(new Set(['changed']));
    expect(contents.map((_, i) => sha256(readFileSync(join(dir, String(i)))))).toEqual(contents.map(sha256));
    expect(contents.map((_, i) => mode(join(dir, String(i))))).toEqual(contents.map(() => '0644'));
    expect(new Set(statuses(await host.run(steps)))).toEqual(new Set(['ok']));
  });

  test('may be large', async () => {
    const bytes = randomBytes(10 * 1024 * 1024);
    const path = join(dir, 'large');
    const steps = [file(path, bytes, { mode: '0600' }), text('echo next')];
    const ran = await host.run(steps);
    expect(statuses(ran)).toEqual(['changed', 'changed']);
    expect(ran.steps[1]?.stdout).toBe('next\n');
    expect(sha256(readFileSync(path))).toBe(sha256(bytes));
    expect(mode(path)).toBe('0600');
    // It is not sent again: only its mode is set.
    const inode = statSync(path).ino;
    const again = await host.run([file(path, bytes, { mode: '0640' })]);
    expect(again.steps[0]?.status).toBe('changed');
    expect([mode(path), statSync(path).ino]).toEqual(['0640', inode]);
  });

  test('that is large and changes after it was looked at is sent after all', async () => {
    const bytes = randomBytes(100_000);
    const path = join(dir, 'moving');
    const ran = await host.run([file(path, bytes), text(`echo other >'${path}'`), file(path, bytes)]);
    expect(statuses(ran)).toEqual(['changed', 'changed', 'changed']);
    const again = await host.run([text(`echo other >'${path}'`), file(path, bytes)]);
    expect(again.steps[1]?.status).toBe('changed');
    expect(sha256(readFileSync(path))).toBe(sha256(bytes));
  });

  test('may have any name', async () => {
    const names = [
      'a b',
      'new\nline',
      ' ',
      "it's",
      '"',
      '$HOME',
      '-rf',
      '--',
      '*',
      '[a]',
      '\\',
      '\\n',
      'é€🚀',
      '`id`',
      '~',
      '#q',
      '%s',
      'tab\t',
      'a|b',
      'x'.repeat(255),
      Buffer.from('é'.repeat(127)).toString(),
    ];
    const steps = (small: boolean) =>
      names.map((each) => file(join(dir, each), small ? `${each}\n` : Buffer.alloc(72_000, each), { mode: '0640' }));
    for (const small of [true, false]) {
      const ran = await host.run(steps(small));
      expect(names.filter((_, i) => ran.steps[i]?.status !== 'changed')).toEqual([]);
      expect(readdirSync(dir).sort()).toEqual([...names].sort());
      expect(new Set(statuses(await host.run(steps(small))))).toEqual(new Set(['ok']));
    }
    const edits = await host.run(names.map((each) => line(join(dir, each), 'one more', ignored)));
    expect(new Set(statuses(edits))).toEqual(new Set(['changed']));
  });

  test('keeps owner, group and mode that are not asked for, and gets those that are', async () => {
    const [small, large] = [join(dir, 'small'), join(dir, 'large')];
    const isRoot = process.getuid?.() === 0;
    for (const path of [small, large]) {
      writeFileSync(path, 'old\n');
      if (isRoot) chownSync(path, 12_345, 54_321);
      chmodSync(path, 0o4750);
    }
    const ran = await host.run([file(small, 'new\n'), file(large, Buffer.alloc(70_000, 'n'))]);
    expect(statuses(ran)).toEqual(['changed', 'changed']);
    for (const path of [small, large]) {
      const { uid, gid } = statSync(path);
      expect([mode(path), uid, gid]).toEqual(['4750', isRoot ? 12_345 : uid, isRoot ? 54_321 : gid]);
    }
    if (!isRoot) return;
    const owned = { owner: '1234', group: '4321' };
    await host.run([
      file(small, 'newer\n', owned),
      file(join(dir, 'made'), 'x\n', owned),
      file(join(dir, 'secret'), 'x\n', { ...owned, mode: '0600' }),
      file(large, Buffer.alloc(70_000, 'm'), { ...owned, mode: '2755' }),
    ]);
    const seen = [small, join(dir, 'made'), join(dir, 'secret'), large].map((path) => {
      const { uid, gid } = statSync(path);
      return [mode(path), uid, gid];
    });
    expect(seen).toEqual([
      ['4750', 1234, 4321],
      ['0644', 1234, 4321],
      ['0600', 1234, 4321],
      ['2755', 1234, 4321],
    ]);
  });

  test.each(['0644', '0640', '0600', '0440', '0755', '0400', '1777', '0666', '0000'])(
    'gets the mode %s',
    async (wanted) => {
      const [small, large] = [join(dir, 'small'), join(dir, 'large')];
      const steps = [file(small, 'x\n', { mode: wanted }), file(large, Buffer.alloc(70_000), { mode: wanted })];
      expect(statuses(await host.run(steps))).toEqual(['changed', 'changed']);
      expect([mode(small), mode(large)]).toEqual([wanted, wanted]);
      expect(statuses(await host.run(steps))).toEqual(['ok', 'ok']);
    },
  );

  test('replaces a link and leaves alone what it led to', async () => {
    const [target, link] = [join(dir, 'target'), join(dir, 'link')];
    writeFileSync(target, 'target\n');
    symlinkSync(target, link);
    await host.run([file(link, 'own\n')]);
    expect(lstatSync(link).isFile()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('target\n');
  });

  test.each([
    ['there is no such directory', 'none/file', /none does not exist/],
    ['it is a directory', 'sub', /is a directory/],
    ['its directory is a file', 'plain/file', /plain does not exist/],
  ])('says so where %s', async (_, path, says) => {
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'plain'), 'plain\n');
    const ran = await host.run([
      file(join(dir, path), 'x\n', ignored),
      file(join(dir, path), Buffer.alloc(70_000), ignored),
      text('echo next'),
    ]);
    expect(statuses(ran)).toEqual(['failed', 'failed', 'changed']);
    for (const each of ran.steps.slice(0, 2)) expect(each?.stderr).toMatch(says);
    expect(readdirSync(dir).sort()).toEqual(['plain', 'sub']);
    expect(ran.stray).toBe('');
  });

  test('stays as it was where the new one does not pass its test', async () => {
    const path = join(dir, 'checked');
    writeFileSync(path, 'old\n');
    const test = { validate: `${shell} -c 'grep -q good "$1" || { echo bad >&2; exit 9; }' sh %s`, ...ignored };
    const ran = await host.run([
      file(path, 'new\n', test),
      file(path, Buffer.alloc(70_000), test),
      file(join(dir, 'other'), 'new\n', test),
      line(path, 'line', test),
      file(path, 'good\n', test),
    ]);
    expect(statuses(ran)).toEqual(['failed', 'failed', 'failed', 'failed', 'changed']);
    for (const each of ran.steps.slice(0, 4)) expect(each?.stderr).toMatch(/^bad\nvalidation failed \(9\): /);
    expect(readFileSync(path, 'utf8')).toBe('good\n');
    expect(readdirSync(dir)).toEqual(['checked']);
  });

  test('is not written when an earlier step has failed', async () => {
    const ran = await host.run([
      text('exit 1'),
      file(join(dir, 'a'), 'x\n'),
      file(join(dir, 'b'), Buffer.alloc(3_000_000)),
    ]);
    expect(ran.end).toEqual({ kind: 'stopped', at: 0 });
    expect((await host.run([text('echo next')])).steps[0]?.stdout).toBe('next\n');
    expect(readdirSync(dir)).toEqual([]);
  });

  test('is only announced in check mode', async () => {
    const [old, large, none] = [join(dir, 'old'), join(dir, 'large'), join(dir, 'none')];
    writeFileSync(old, 'old\n');
    writeFileSync(large, 'old\n');
    const steps = (check: boolean) => [
      file(old, 'new\n', { check }),
      file(old, 'old\n', { mode: '0600', check }),
      file(large, Buffer.alloc(70_000), { check }),
      file(none, 'new\n', { check }),
      line(old, 'line', { check }),
    ];
    const before = readdirSync(dir).map((each) => [each, readFileSync(join(dir, each), 'utf8'), mode(join(dir, each))]);
    const check = await host.run(steps(true));
    expect(statuses(check)).toEqual(Array(5).fill('would-change'));
    expect(
      readdirSync(dir).map((each) => [each, readFileSync(join(dir, each), 'utf8'), mode(join(dir, each))]),
    ).toEqual(before);
    expect(statuses(await host.run(steps(false)))).toEqual(Array(5).fill('changed'));
    expect(existsSync(none)).toBe(true);
  });

  test('shows what was there, where a diff is wanted', async () => {
    await using own = liveHost({ shell, whole, diff: true });
    const path = join(dir, 'shown');
    writeFileSync(path, 'old\nlines\n');
    const ran = await own.run([file(path, 'new\n'), file(path, 'new\n'), file(path, 'newer\n', { check: true })]);
    expect(ran.steps.map((each) => each?.body)).toEqual(['old\nlines\n', undefined, 'new\n']);
  });
});

// A full disk and one that cannot be written to need a mount of their own.
describe.runIf(process.getuid?.() === 0 && canMount())('a disk that', () => {
  test.each(shells)('is full leaves the old file whole, under %s', async (name, shell) => {
    await using host = liveHost({ shell });
    const dir = join(base, `full-${name}`);
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'play-test', dir]);
    try {
      writeFileSync(join(dir, 'small'), 'old\n');
      writeFileSync(join(dir, 'large'), 'old\n');
      writeFileSync(join(dir, 'fill'), Buffer.alloc(900 * 1024));
      const ran = await host.run([
        file(join(dir, 'small'), 'x'.repeat(60_000), ignored),
        file(join(dir, 'small'), 'x'.repeat(65_000), ignored),
        file(join(dir, 'large'), randomBytes(3_000_000), ignored),
        line(join(dir, 'small'), 'y'.repeat(64_000), ignored),
        text('echo next'),
      ]);
      expect(statuses(ran)).toEqual(['changed', 'failed', 'failed', 'failed', 'changed']);
      expect(ran.steps[2]?.stderr).toMatch(/No space left on device/);
      expect(ran.steps[4]?.stdout).toBe('next\n');
      expect(readFileSync(join(dir, 'small'), 'utf8')).toBe('x'.repeat(60_000));
      expect(readFileSync(join(dir, 'large'), 'utf8')).toBe('old\n');
      expect(readdirSync(dir).sort()).toEqual(['fill', 'large', 'small']);
    } finally {
      execFileSync('umount', [dir]);
    }
  });

  test.each(shells)('is mounted read-only is told as such, under %s', async (name, shell) => {
    await using host = liveHost({ shell });
    const dir = join(base, `ro-${name}`);
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'play-test', dir]);
    try {
      const ran = await host.run([
        file(join(dir, 'small'), 'x\n', ignored),
        file(join(dir, 'large'), randomBytes(300_000), ignored),
        text('echo next'),
      ]);
      expect(statuses(ran)).toEqual(['failed', 'failed', 'changed']);
      for (const each of ran.steps.slice(0, 2)) expect(each?.stderr).toMatch(/read-only file ?system/i);
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});

function canMount(): boolean {
  try {
    const dir = mkdtempSync(join(tmpdir(), 'play-mount-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'play-test', dir], { stdio: 'ignore' });
      execFileSync('umount', [dir]);
      return true;
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  } catch {
    return false;
  }
}
