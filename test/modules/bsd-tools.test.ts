import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findShells } from './rig/shells.ts';

/* What stands for the tools of BSD is worth something only as long as it refuses what those refuse, and prints what those print. */
const { pathOf, remove } = findShells();
const dir = mkdtempSync(join(tmpdir(), 'play-bsd-'));
writeFileSync(join(dir, 'f'), 'abc', { mode: 0o604 });
symlinkSync('f', join(dir, 'l'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  remove();
});

const run = (text: string) =>
  spawnSync('/bin/sh', ['-c', text], { cwd: dir, env: { PATH: pathOf('bsd', []) }, encoding: 'utf8' });

test.each([
  ['stat -c %s f', 'illegal option -- c'],
  ['stat -f %Q f', 'bad format'],
  ['readlink -f l', 'illegal option -- f'],
  ['mv -fT f g', 'illegal option -- T'],
  ['cp --preserve f g', 'illegal option -- -'],
  ['ln -sT f g', 'illegal option -- T'],
  ['sed -i s/a/b/ f', 'nothing in place'],
  ['date -d @0', 'illegal option -- d'],
  ['date +%N', 'illegal time format'],
  ['base64 -w 0 f', 'illegal option -- w'],
  ['find -name f', 'usage'],
  ['find . -printf x', 'unknown primary'],
  ['grep -P a f', 'illegal option -- P'],
  ['mktemp --suffix=x', 'illegal option -- -'],
  ['touch --no-create g', 'illegal option -- -'],
  ['sha256sum f', 'not found'],
])('%s is refused', (text, says) => {
  const { status, stderr } = run(text);
  expect(stderr).toContain(says);
  expect(status).not.toBe(0);
});

test.each([
  ["stat -f '%HT|%Mp%03Lp|%z|%N' f l", 'Regular File|0604|3|f\nSymbolic Link|0777|1|l\n'],
  ["stat -L -f '%Xp %l' l", '8184 1\n'],
  ['date -u -r 0 +%Y', '1970\n'],
  ['base64 <f', 'YWJj\n'],
  ['wc -c <f', '       3\n'],
  ['sha256 -r f', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad f\n'],
  ["find . -type f -exec stat -f %z '{}' +", '3\n'],
])('%s', (text, prints) => {
  expect(run(text).stdout).toBe(prints);
});
