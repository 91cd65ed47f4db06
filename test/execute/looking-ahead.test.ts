import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SegmentStep } from '../../src/execute/segment.ts';
import { absent, directory, existing, link } from '../../src/modules/shared/file-states.ts';
import { findShells } from '../modules/rig/shells.ts';
import { file, inWholePrograms, type LiveHost, line, liveHost, statuses, step, text } from './live.ts';

const { shells, remove } = findShells();
afterAll(remove);

const ignored = { ignoreErrors: true };

/** Files, and ways to reach the same ones by other names: `c` is a link to the directory `a`, `l` one to the file `a/x`. */
const paths = ['a', 'a/x', 'a/y', 'b', 'b/x', 'c/x', 'c/y', 'l', 'new/deep', 'new/deep/x'];

type Kind = (path: string) => SegmentStep;
const kinds: Record<string, Kind> = {
  one: (path) => file(path, 'one\n', { ...ignored, mode: '0644' }),
  two: (path) => file(path, 'two\n', ignored),
  large: (path) => file(path, `${'x'.repeat(70_000)}\n`, ignored),
  line: (path) => line(path, 'line', ignored),
  directory: (path) =>
    step(directory({ path, attributes: { mode: { kind: 'fixed', digits: '0755' } }, follow: true }, false), ignored),
  mode: (path) =>
    step(existing({ path, attributes: { mode: { kind: 'fixed', digits: '0600' } }, follow: true }, false), ignored),
  linkToA: (path) => step(link({ path, attributes: {}, follow: true }, '../a/x', true), ignored),
  linkToB: (path) => step(link({ path, attributes: {}, follow: true }, 'b', true), ignored),
  absent: (path) => step(absent(path), ignored),
  shell: (path) => text(`echo author >'${path}'`, ignored),
  nothing: () => text('true', ignored),
};

describe.each([...shells, inWholePrograms])('what was looked at ahead under %s', (_, shell, whole = false) => {
  let host: LiveHost;
  let root: string;
  beforeAll(() => {
    host = liveHost({ shell, whole });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  afterAll(() => host.link.close());

  const scene = (name: string): string => {
    const dir = join(root, name);
    mkdirSync(join(dir, 'a'), { recursive: true });
    mkdirSync(join(dir, 'b'));
    writeFileSync(join(dir, 'a/x'), 'first\n');
    symlinkSync('a', join(dir, 'c'));
    symlinkSync('a/x', join(dir, 'l'));
    return dir;
  };

  test('never makes a difference to steps one at a time', async () => {
    const chosen = fc.record({ kind: fc.constantFrom(...Object.keys(kinds)), path: fc.constantFrom(...paths) });
    await fc.assert(
      fc.asyncProperty(fc.array(chosen, { minLength: 2, maxLength: 12 }), async (list) => {
        root = mkdtempSync(join(tmpdir(), 'play-ahead-'));
        const [together, apart] = [scene('together'), scene('apart')];
        const stepsIn = (dir: string): SegmentStep[] => list.map(({ kind, path }) => kinds[kind]!(join(dir, path)));
        const all = statuses(await host.run(stepsIn(together)));
        const each: (string | undefined)[] = [];
        for (const one of stepsIn(apart)) each.push(...statuses(await host.run([one])));
        // What a failed step was sent is removed after it was told.
        await host.run([text('true')]);
        expect(all).toEqual(each);
        expect(listing(together)).toEqual(listing(apart));
        rmSync(root, { recursive: true, force: true });
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('is looked at again where an author may have changed it, also in later windows', async () => {
    root = mkdtempSync(join(tmpdir(), 'play-ahead-'));
    const dir = scene('long');
    const many = Array.from({ length: 40 }, (_, i) => file(join(dir, `a/f${i}`), 'x\n'));
    const before = [...many, text(`for f in '${dir}'/a/f*; do echo other >"$f"; done`), ...many];
    const ran = await host.run(before);
    expect(statuses(ran)).toEqual(Array(81).fill('changed'));
    // Nothing but the link to the directory has the other names.
    const aliases = Array.from({ length: 40 }, (_, i) => file(join(dir, `c/f${i}`), 'y\n'));
    expect(new Set(statuses(await host.run([...many, ...aliases, ...many])).slice(40))).toEqual(new Set(['changed']));
  });
});

/** Everything below a directory: its type, mode and content. */
function listing(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(dir, name);
      const stat = lstatSync(path);
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      const mode = (statSync(path).mode & 0o7777).toString(8);
      return stat.isDirectory() ? `${name}/ ${mode}` : `${name} ${mode} ${readFileSync(path, 'utf8').slice(0, 20)}`;
    });
}
