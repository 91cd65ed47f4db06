// Runs before the tests: the compiled parameter checks are no part of the repository, so they are made when a module is newer.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root, sources } from './sources.mjs';

export default function setup() {
  const made = changed('src/modules/validators/index.gen.ts');
  if (sources('src/modules').every((file) => changed(file) <= made)) return;
  // Says itself which committed files are stale or which module does not compile; the tests of those modules will fail.
  spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root, stdio: 'inherit' });
}

function changed(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
