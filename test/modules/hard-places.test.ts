import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { type Case, resourceOf } from './rig/cases.ts';
import { type FileState, leftovers, listing, makeFiles } from './rig/files.ts';
import { type Ended, runAll } from './rig/session.ts';
import { type Writer, writers } from './rig/writers.ts';

/* Modules that write, where writing fails or names are odd: the error says why, what was there stays, nothing is left behind. */

const base = mkdtempSync(join(tmpdir(), 'play-hard-'));
const mounted: string[] = [];
afterAll(() => {
  for (const dir of mounted) execFileSync('umount', [dir]);
  rmSync(base, { recursive: true, force: true });
});
beforeAll(() => chmodSync(base, 0o755));

/** How a writer fared in a folder of its own. */
interface Fate {
  root: string;
  before: string[];
  names: string[];
  ended: Ended;
  /** Why it failed. */
  said: string;
}

/** Where writers are tried, and how. */
interface Place {
  /** Folder of all their folders. */
  where: string;
  /** The name that `$F` has. */
  file?: string;
  start?(writer: Writer): Record<string, FileState>;
  /** Once the start states are there. */
  ready?(): void;
  shell?: string;
}

/** Plays them in one session, each in its folder. */
async function playAll(among: [string, Writer][], place: Place): Promise<(title: string) => Fate> {
  const { where, file = 'f', start = (writer) => writer.start, shell = '/bin/sh' } = place;
  const placed = among.map(([, writer], i) => {
    const root = join(where, String(i));
    mkdirSync(root, { recursive: true });
    const states = Object.entries(start(writer)).map(([path, state]) => [inPlace(path, file), state]);
    makeFiles(root, Object.fromEntries(states));
    return { root, writer };
  });
  place.ready?.();
  const before = placed.map(({ root }) => ({ before: shortListing(root), names: names(root) }));
  const played = await replay(placed, { file, shell });
  const fates = placed.map(({ root }, i): [string, Fate] => [
    among[i]?.[0] ?? '',
    {
      root,
      ...before[i]!,
      ended: played[i]!,
      said: (played[i]?.failure ?? played[i]?.said ?? '').replaceAll(root, '$DIR'),
    },
  ]);
  const found = new Map(fates);
  return (title) => found.get(title)!;
}

async function replay(
  placed: { root: string; writer: Writer }[],
  { file, shell }: { file: string; shell: string },
): Promise<Ended[]> {
  const resources = placed.map(({ root, writer }) => {
    const task = fill(writer.task, join(root, file)) as Case['task'];
    return resourceOf({ name: '', task, status: 'ok', files: writer.files ?? {} }, root);
  });
  return (await runAll(shell, await Promise.all(resources), { check: false, env: process.env })).ended;
}

/** `$F` in every string. */
function fill(value: Value, path: string): Value {
  if (typeof value === 'string') return value.replaceAll('$F', () => path);
  if (Array.isArray(value)) return value.map((item) => fill(item, path));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, path)]));
}

/** A path of a writer's table, with the name that is tried in the place of `f`. */
function inPlace(path: string, file: string): string {
  return path.replace(/^f(?=\/|$)/, () => file);
}

function names(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replace(/(?<=\/p)[0-9a-f]{16}$/, '*'))
    .sort();
}

/** Long texts as their checksum, for readable failures. */
function shortListing(root: string): string[] {
  return listing(root).map((line) =>
    line.length < 200 ? line : `${line.slice(0, 40)} ${createHash('sha256').update(line).digest('hex')}`,
  );
}

/** It failed, said why, and nothing has changed. */
function expectRefusal({ ended, said, root, before }: Fate, why: RegExp): void {
  expect(said).toMatch(why);
  expect(ended.status).toBe('failed');
  expect(shortListing(root)).toEqual(before);
  expect(leftovers(root)).toEqual([]);
}

function tmpfs(name: string): string {
  const dir = join(base, name);
  mkdirSync(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'play-test', dir], { stdio: 'ignore' });
  mounted.push(dir);
  return dir;
}

const each = (fits: (writer: Writer, title: string) => boolean = () => true) =>
  Object.entries(writers).filter(([title, one]) => fits(one, title));

/** Those that write a file where the path says. */
const ofFiles = each((writer, title) => writer.link !== undefined && !title.startsWith('file,'));

describe('on a disk that can only be read', () => {
  const tried = each();
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const where = tmpfs('read-only');
    fate = await playAll(tried, { where, ready: () => execFileSync('mount', ['-o', 'remount,ro', where]) });
  });
  test.each(tried)('%s', (title) => expectRefusal(fate(title), /read-only file system/i));
});

describe('on a disk that is full', () => {
  const tried = each((writer) => !writer.small);
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const where = tmpfs('full');
    const fillUp = (): void => {
      try {
        writeFileSync(join(where, 'fill'), Buffer.alloc(1 << 25));
      } catch {
        // Full, as it is to be.
      }
    };
    fate = await playAll(tried, { where, ready: fillUp });
  });
  test.each(tried)('%s', (title) => expectRefusal(fate(title), /no space left on device|no room to write in/i));
});

describe('in a directory of somebody else', () => {
  const tried = each();
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const shell = join(base, 'nobody-sh');
    writeFileSync(shell, '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh "$@"\n');
    chmodSync(shell, 0o755);
    fate = await playAll(tried, { where: join(base, 'denied'), shell });
  });
  test.each(tried)('%s', (title) => expectRefusal(fate(title), /permission denied|not permitted/i));
});

describe('where a directory has the name', () => {
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const start = ({ start }: Writer) => ({ ...start, f: { directory: true } as const, 'f/x': { text: 'x' } });
    fate = await playAll(ofFiles, { where: join(base, 'directory'), start });
  });
  test.each(ofFiles)('%s', (title) => expectRefusal(fate(title), /is a directory|is not a file/i));
});

describe('where a link has the name', () => {
  const tried = each((writer) => writer.link !== undefined);
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const start = ({ start: { f = {}, ...others } }: Writer) => ({ ...others, 'real/f': f, f: { link: 'real/f' } });
    fate = await playAll(tried, { where: join(base, 'link'), start });
  });
  test.each(tried)('%s', (title, { link, start }) => {
    const { root, ended, said } = fate(title);
    expect({ status: ended.status, said }).toEqual({ status: 'changed', said: '' });
    expect(lstatSync(join(root, 'f')).isSymbolicLink()).toBe(link === 'followed');
    const untouched = readFileSync(join(root, 'real/f'), 'utf8') === start['f']?.text;
    expect(untouched).toBe(link === 'replaced' || title.startsWith('file,'));
    expect(leftovers(root)).toEqual([]);
  });
});

describe('where a link has the name that leads in a circle', () => {
  const tried = ofFiles.filter(([, writer]) => writer.link === 'followed');
  let fate: (title: string) => Fate;
  beforeAll(async () => {
    const start = ({ start }: Writer) => ({ ...start, f: { link: 'g' }, g: { link: 'f' } });
    fate = await playAll(tried, { where: join(base, 'circle'), start });
  });
  test.each(tried)('%s', (title) => expectRefusal(fate(title), /in a circle|does not exist/i));
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
  const tried = each((writer, name) => !writer.fails && !name.includes('backup'));
  let fate: (title: string) => Fate;
  let again: Ended[];
  const found = new Map<string, string[]>();
  beforeAll(async () => {
    fate = await playAll(tried, { where: join(base, title), file });
    const placed = tried.map(([name, writer]) => ({ writer, root: fate(name).root }));
    tried.forEach(([name], i) => void found.set(name, names(placed[i]!.root)));
    again = await replay(placed, { file, shell: '/bin/sh' });
  });
  test.each(tried.map(([name, writer], i) => [name, writer, i] as const))('%s', (name, writer, i) => {
    const { names: before, ended, said } = fate(name);
    const wanted = new Set([...before, ...['f', ...(writer.adds ?? [])].map((one) => inPlace(one, file))]);
    if (writer.removes !== undefined) wanted.delete(inPlace(writer.removes, file));
    expect({ status: ended.status, said }).toEqual({ status: 'changed', said: '' });
    expect(found.get(name)).toEqual([...wanted].sort());
    expect(again[i]?.status).toBe(writer.acts ? 'changed' : 'ok');
  });
});

describe('a backup of a name that leaves no room for its own', () => {
  test('is a failure that says so', async () => {
    const tried = each((_, title) => title.includes('backup'));
    const fate = await playAll(tried, { where: join(base, 'long'), file: 'n'.repeat(255) });
    for (const [title] of tried) expectRefusal(fate(title), /file name too long/i);
  });
});
