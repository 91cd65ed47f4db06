// Runs before the tests: the compiled parameter checks are no part of the repository, so they are made when a module is newer.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, sources } from './sources.mjs';

/** @returns what to do when all tests have ended */
export default function setup() {
  generate();
  // The first test that runs the command line builds it here (test/rig/cli.ts), whatever dist/ holds and whoever uses that.
  // Named as rigs are, so that the next one removes it when this process is killed.
  const built = mkdtempSync(join(tmpdir(), `play-rig-${process.pid}-`));
  process.env.PLAY_TEST_BUILD = built;
  return () => rmSync(built, { recursive: true, force: true });
}

function generate() {
  const made = changed('src/modules/validators/index.gen.ts');
  if (sources('src/modules').every((file) => changed(file) <= made)) return;
  // Says itself which committed files are stale or which module does not compile; the tests of those modules will fail.
  spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root, stdio: 'inherit' });
}

function changed(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
