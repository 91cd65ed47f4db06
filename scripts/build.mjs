// Bundles src/cli/main.ts into one file in dist/, or in the folder named as argument, and keeps the code that V8 compiles for it.
// Each `await import()` of the sources becomes a function that is called when its code is needed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { root } from './sources.mjs';

const entry = 'src/cli/main.ts';
const outdir = resolve(process.argv[2] ?? join(root, 'dist'));
const program = join(outdir, 'play.cjs');

if (!existsSync(join(root, entry))) {
  console.error(`build: ${entry} is missing`);
  process.exit(1);
}

await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile: `${program}.new`,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // What V8 has compiled ahead cannot use import().
  supported: { 'dynamic-import': false },
  // The smaller of the two forms that packages ship; CommonJS drags in what a run never calls.
  mainFields: ['module', 'main'],
  alias: {
    typebox: './scripts/typebox-stub.mjs',
    // The same library as an ES module: loads and parses in half the time of its CommonJS build.
    yaml: './node_modules/yaml/browser/index.js',
  },
  loader: { '.sh': 'text', '.node': 'empty' },
  // A native accelerator of ssh2 that is never installed (package.json, allowScripts).
  external: ['cpu-features'],
  define: { 'import.meta.url': '__fileUrl' },
  banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href;" },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
keepCompiled();

/** Runs the quickstart as a check, so that what a start needs is compiled, and writes what V8 made of it beside the program. */
function keepCompiled() {
  const home = mkdtempSync(join(tmpdir(), 'play-build-'));
  const args = ['check', 'playbooks/quickstart.yml', '-i', 'playbooks/inventory/web.yml', '-o', 'quiet'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/compile-ahead.cjs'), `${program}.new`, ...args],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home },
      encoding: 'utf8',
    },
  );
  rmSync(home, { recursive: true, force: true });
  // Both at once, or V8 would find them not to belong together: it then compiles as if there were no cache.
  rmSync(`${program}.cache`, { force: true });
  renameSync(`${program}.new`, program);
  if (status === 0 && existsSync(`${program}.new.cache`)) renameSync(`${program}.new.cache`, `${program}.cache`);
  else console.warn(`build: play will start more slowly, its code could not be compiled ahead: ${stderr}`);
}
