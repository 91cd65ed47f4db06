import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Fields } from '../../src/model/value.ts';
import { type Case, resourceOf } from './rig/cases.ts';
import { type FileState, leftovers, listing, makeFiles } from './rig/files.ts';
import { type Ended, runAll } from './rig/session.ts';

/* Modules that write, where writing fails or names are odd: the error says why, what was there stays, nothing is left behind. */

interface Writer {
  start: Record<string, FileState>;
  /** `$F`: the path that is written. */
  task: Record<string, Fields>;
  files?: Record<string, string>;
  /** It needs no room on the disk that counts. */
  small?: true;
}

const big = `${'0123456789abcde\n'.repeat(32_768)}`;

const writers: Record<string, Writer> = {
  copy: { start: { f: { text: 'old\n' } }, task: { copy: { content: big, dest: '$F' } } },
  'copy with a backup': { start: { f: { text: big } }, task: { copy: { content: 'new\n', dest: '$F', backup: true } } },
  template: {
    start: { f: { text: 'old\n' } },
    files: { 't.hbs': big },
    task: { template: { src: 't.hbs', dest: '$F' } },
  },
  lineinfile: { start: { f: { text: big } }, task: { lineinfile: { path: '$F', line: 'new' } } },
  blockinfile: { start: { f: { text: big } }, task: { blockinfile: { path: '$F', block: 'new' } } },
  replace: { start: { f: { text: big } }, task: { replace: { path: '$F', regexp: '^0', replace: 'x' } } },
  'file, a mode': { start: { f: { text: 'old\n' } }, task: { file: { path: '$F', mode: '0600' } }, small: true },
  'file, symbols': { start: { f: { text: 'old\n' } }, task: { file: { path: '$F', mode: 'g+wX' } }, small: true },
  'file, a directory': { start: {}, task: { file: { path: '$F', state: 'directory' } }, small: true },
  'file, a directory with a mode': {
    start: {},
    task: { file: { path: '$F', state: 'directory', mode: '0700' } },
    small: true,
  },
  'file, a link': { start: { a: { text: 'x' } }, task: { file: { path: '$F', state: 'link', src: 'a' } }, small: true },
  'file, a hard link': {
    start: { a: { text: 'x' } },
    task: { file: { path: '$F', state: 'hard', src: '$DIR/a' } },
    small: true,
  },
  'file, touch': { start: {}, task: { file: { path: '$F', state: 'touch' } }, small: true },
  'file, absent': { start: { f: { text: 'old\n' } }, task: { file: { path: '$F', state: 'absent' } }, small: true },
};

const base = mkdtempSync(join(tmpdir(), 'play-hard-'));
const mounted: string[] = [];
afterAll(() => {
  for (const dir of mounted) execFileSync('umount', [dir]);
  rmSync(base, { recursive: true, force: true });
});
function mount(name: string, options: string): string {
  const dir = join(base, name.replaceAll(/\W/g, '-'));
  mkdirSync(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'play-test', dir], { stdio: 'ignore' });
  mounted.push(dir);
  return dir;
}

async function run(
  writer: Writer,
  { root, file = 'f', shell = '/bin/sh' }: { root: string; file?: string; shell?: string },
) {
  const [[module = '', params = {}] = []] = Object.entries(writer.task);
  const filled = Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, value === '$F' ? join(root, file) : value]),
  );
  const one: Case = { name: '', task: { [module]: filled }, status: 'ok', files: writer.files ?? {} };
  const resource = await resourceOf(one, root);
  const { ended, stderr } = await runAll(shell, [resource], { check: false, env: process.env });
  return { ended: ended[0] as Ended, said: stderr.replaceAll(root, '$DIR') };
}

/** Fails, says why, and nothing has changed. */
async function refuses(writer: Writer, place: { root: string; shell?: string }, why: RegExp): Promise<void> {
  const before = shortListing(place.root);
  const { ended, said } = await run(writer, place);
  expect(ended.failure ?? said).toMatch(why);
  expect(ended.status).toBe('failed');
  expect(shortListing(place.root)).toEqual(before);
  expect(leftovers(place.root)).toEqual([]);
}

/** Long texts as their checksum, for readable failures. */
function shortListing(root: string): string[] {
  return listing(root).map((line) =>
    line.length < 200 ? line : `${line.slice(0, 40)} ${createHash('sha256').update(line).digest('hex')}`,
  );
}

const each = (fits: (writer: Writer) => boolean = () => true) => Object.entries(writers).filter(([, one]) => fits(one));

describe('on a disk that can only be read', () => {
  test.each(each())('%s', async (name, writer) => {
    const root = mount(`ro ${name}`, 'size=2m');
    makeFiles(root, writer.start);
    execFileSync('mount', ['-o', 'remount,ro', root]);
    await refuses(writer, { root }, /read-only file system/i);
  });
});

describe('on a disk that is full', () => {
  test.each(each((writer) => !writer.small))('%s', async (name, writer) => {
    const root = mount(`full ${name}`, 'size=1m');
    makeFiles(root, writer.start);
    const fill = join(root, 'fill');
    try {
      writeFileSync(fill, Buffer.alloc(1 << 20));
    } catch {
      // Full, as it is to be.
    }
    await refuses(writer, { root }, /no space left on device|no room to write in/i);
  });
});

describe('in a directory of somebody else', () => {
  test.each(each())('%s', async (name, writer) => {
    chmodSync(base, 0o755);
    const root = join(base, `denied ${name}`);
    mkdirSync(root);
    makeFiles(root, writer.start);
    const nobody = join(base, 'nobody-sh');
    if (!existsSync(nobody)) {
      writeFileSync(nobody, '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh "$@"\n');
      chmodSync(nobody, 0o755);
    }
    await refuses(writer, { root, shell: nobody }, /permission denied|not permitted/i);
  });
});

describe.each([
  ['spaces', ' a  b '],
  ['a newline', 'a\nb'],
  ['quotes', `it's "a" \`b\``],
  ['signs of the shell', '$(touch x)*?[a]\\;&|<>~'],
  ['a dash', '-rf'],
  ['letters beyond ASCII', 'Größe ☃'],
  ['255 bytes', 'n'.repeat(255)],
])('a name with %s', (title, file) => {
  // A backup has a longer name, which does not exist for the longest.
  test.each(each().filter(([name]) => !name.includes('backup')))('%s', async (name, writer) => {
    const root = join(base, `name ${title} ${name}`);
    mkdirSync(root);
    const { f, ...others } = writer.start;
    makeFiles(root, { ...others, ...(f && { [file]: f }) });
    const { ended, said } = await run(writer, { root, file });
    expect({ status: ended.status, said }).toEqual({ status: 'changed', said: '' });
    const names = listing(root).map((line) => line.slice(0, line.lastIndexOf(' {"')));
    const expected = name.endsWith('absent') ? [] : [file];
    expect(names).toEqual([...expected, ...Object.keys(others)].sort());
    if (name === 'file, touch') return;
    const again = await run(writer, { root, file });
    expect(again.ended.status).toBe('ok');
  });
});

test('a backup of a name that leaves no room for its own is a failure that says so', async () => {
  const root = join(base, 'long');
  mkdirSync(root);
  const file = 'n'.repeat(255);
  const writer = { start: {}, task: { copy: { content: 'new\n', dest: '$F', backup: true } } };
  makeFiles(root, { [file]: { text: 'old\n' } });
  const before = listing(root);
  const { ended, said } = await run(writer, { root, file });
  expect(said).toMatch(/file name too long/i);
  expect(ended.status).toBe('failed');
  expect(listing(root)).toEqual(before);
});
