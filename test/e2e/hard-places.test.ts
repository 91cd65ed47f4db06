import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fields } from '../../src/model/value.ts';
import { type FileState, leftovers, listing, makeFiles } from '../modules/rig/files.ts';
import { openStage, type Stage, type Story } from './stage.ts';

/* Modules that go back and forth, where writing fails or names are odd: the error says why, what was there stays, nothing is left behind. */

/** A task that writes to `$F`. */
interface Writer {
  start: Record<string, FileState>;
  task: Fields;
  /** What is there afterwards beside that; `f` is `$F`. */
  adds: string[];
  /** It writes on this machine, not as the user of the task. */
  here?: true;
}

const folder: Record<string, FileState> = { f: { directory: true }, 'f/a b': { text: 'old\n' } };
const file: Record<string, FileState> = { f: { text: 'old\n' } };
const added = ['f', 'f/-d', "f/-d/it's", 'f/a b', 'f/l'];

let stage: Stage;
let server: Server;
let base = '';
let writers: Record<string, Writer> = {};
beforeAll(async () => {
  stage = await openStage('local', 1);
  base = mkdtempSync(join(tmpdir(), 'play-hard-e2e-'));
  server = createServer((_, response) => response.end('new\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/new`;
  stage.desk.file('tree/a b', 'new\n');
  stage.desk.file("tree/-d/it's", 'x\n');
  symlinkSync('a b', join(stage.desk.dir, 'tree/l'));
  execFileSync('tar', ['-cf', join(base, 'a.tar'), '-C', join(stage.desk.dir, 'tree'), '--', 'a b', 'l', './-d']);
  writeFileSync(join(base, 'one'), 'new\n');
  for (const [path, mode] of [[base, 0o755] as const, [join(base, 'a.tar'), 0o644] as const]) chmodSync(path, mode);
  const remote = { src: join(base, 'a.tar'), dest: '$F', remote_src: true };
  writers = {
    get_url: { start: file, task: { get_url: { url, dest: '$F', force: true } }, adds: ['f'] },
    unarchive: { start: folder, task: { unarchive: { src: join(base, 'a.tar'), dest: '$F' } }, adds: added },
    'unarchive there': { start: folder, task: { unarchive: remote }, adds: added },
    sync: { start: folder, task: { sync: { src: 'tree/', dest: '$F', delete: true } }, adds: added },
    'copy a folder': {
      start: folder,
      task: { copy: { src: 'tree/', dest: '$F' } },
      adds: added,
    },
    fetch: {
      start: file,
      task: { fetch: { src: join(base, 'one'), dest: '$F', flat: true } },
      adds: ['f'],
      here: true,
    },
  };
});
afterAll(async () => {
  server?.close();
  execFileSync('sh', ['-c', 'for d do umount "$d"; done 2>/dev/null; :', 'sh', join(base, 'ro'), join(base, 'full')]);
  rmSync(base, { recursive: true, force: true });
  await stage?.[Symbol.asyncDispose]();
});

const inPlace = (path: string, name: string): string => path.replace(/^f(?=\/|$)/, () => name);

/** A folder for each writer below one, with its start state, and the tasks. */
function tasksIn(where: string, name = 'f'): { title: string; root: string; task: Fields; writer: Writer }[] {
  return Object.entries(writers).map(([title, writer], i) => {
    const root = join(where, String(i));
    mkdirSync(root, { recursive: true });
    makeFiles(
      root,
      Object.fromEntries(Object.entries(writer.start).map(([path, state]) => [inPlace(path, name), state])),
    );
    const path = JSON.stringify(join(root, name)).slice(1, -1);
    const task = JSON.parse(JSON.stringify(writer.task).replaceAll('$F', () => path)) as Fields;
    return { title, root, writer, task: { name: title, ...task, ignore_errors: true } };
  });
}

function tmpfs(name: string): string {
  const dir = join(base, name);
  mkdirSync(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'play-test', dir]);
  return dir;
}

async function run(tasks: Fields[], more: Fields = {}): Promise<Story> {
  const story = await stage.run(JSON.stringify([{ hosts: 'web1', ...more, tasks }]));
  expect(story.exit, story.stdout + story.stderr).toBe(0);
  return story;
}

/** Of a tree that was begun, empty directories may stay. */
const files = (root: string): string[] => listing(root).filter((line) => !line.includes('"directory":true'));

async function refused(
  placed: ReturnType<typeof tasksIn>,
  { why, more }: { why: RegExp; more?: Fields },
): Promise<void> {
  const before = placed.map(({ root }) => files(root));
  const story = await run(
    placed.map(({ task }) => task),
    more,
  );
  placed.forEach(({ title, root }, i) => {
    expect(story.told('web1', title), title).toMatch(why);
    expect(story.did('web1')[i], story.stdout).toBe(`failed ${title} (ignored)`);
    expect(files(root), title).toEqual(before[i]);
    expect(leftovers(root)).toEqual([]);
  });
}

describe('trees and downloads', { timeout: 120_000 }, () => {
  test('on a disk that can only be read', async () => {
    const where = tmpfs('ro');
    const placed = tasksIn(where);
    execFileSync('mount', ['-o', 'remount,ro', where]);
    await refused(placed, { why: /read-only file system|is read-only/i });
  });

  test('on a disk that is full', async () => {
    const where = tmpfs('full');
    const placed = tasksIn(where);
    try {
      writeFileSync(join(where, 'fill'), Buffer.alloc(1 << 22));
    } catch {
      // Full, as it is to be.
    }
    await refused(placed, { why: /no space left|no room to write in/i });
  });

  test('as another user, with become, in a directory of root', async () => {
    const placed = tasksIn(join(base, 'denied')).filter(({ writer }) => !writer.here);
    await refused(placed, { why: /permission denied|not permitted/i, more: { become: true, become_user: 'nobody' } });
  });

  test('under names of all kinds', async () => {
    const odd = [' a  b ', 'a\nb', `it's "a" \`b\``, '$(touch x)*?[a]\\;&|<>~', '-rf', 'Größe ☃', 'n'.repeat(255)];
    const placed = odd.flatMap((name, i) => tasksIn(join(base, `names ${i}`), name).map((one) => ({ ...one, name })));
    const story = await run(placed.map(({ task }) => task));
    expect(new Set(story.did('web1').map((line) => line.split(' ')[0])), story.stdout).toEqual(new Set(['changed']));
    for (const { root, name, writer } of placed) {
      const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
      expect(found).toEqual(writer.adds.map((path) => inPlace(path, name)).sort());
      const text = writer.start === file ? name : `${name}/a b`;
      expect(readFileSync(join(root, text), 'utf8')).toBe('new\n');
    }
    const again = await run(placed.map(({ task }) => task));
    expect(new Set(again.did('web1').map((line) => line.split(' ')[0])), again.stdout).toEqual(new Set(['ok']));
  });
});
