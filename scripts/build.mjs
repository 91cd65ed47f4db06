// Bundles src/cli/main.ts into dist/, or into the folder named as argument: one file that starts, and one for each part that is loaded
// only when it is needed. Keeps the code that V8 compiles for them.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';
import { root } from './sources.mjs';
import { warmUp } from './warm-up/run.mjs';

const entry = 'src/cli/main.ts';
/** Parts that are imported where they are used and loaded at their first use (see `lazily`): each is a file of its own. */
const parts = {
  functions: 'src/functions/catalogue.ts',
  re2js: 're2js',
  'yaml-text': 'src/functions/yaml-text.ts',
  toml: 'smol-toml',
  csv: 'csv-parse/sync',
  semver: 'src/functions/semver-ranges.ts',
  jmespath: 'jmespath',
  'json-schema': 'src/util/json-schema.ts',
};
const outdir = resolve(process.argv[2] ?? join(root, 'dist'));
/** Made beside and renamed, so that a build never leaves half of the old and half of the new. */
const draft = mkdtempSync(join(dirname(outdir), '.dist-'));
chmodSync(draft, 0o755);

if (!existsSync(join(root, entry))) {
  console.error(`build: ${entry} is missing`);
  process.exit(1);
}
process.once('exit', () => rmSync(draft, { recursive: true, force: true }));

const target = 'node20.19';
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { play: entry, ...parts },
  outdir: draft,
  write: false,
  bundle: true,
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  platform: 'node',
  target,
  // The smaller of the two forms that packages ship; CommonJS drags in what a run never calls.
  mainFields: ['module', 'main'],
  alias: {
    typebox: './scripts/typebox-stub.mjs',
    // The same library as an ES module: loads and parses in half the time of its CommonJS build.
    yaml: './node_modules/yaml/browser/index.js',
  },
  loader: { '.sh': 'text', '.node': 'empty' },
  // A native accelerator of ssh2 that is never installed (package.json, allowScripts); a package with a binary, which is optional; and the
  // clients of AWS, of which there are hundreds: all are loaded in one way, from where they are installed.
  external: ['cpu-features', '@duckdb/node-api', '@aws-sdk/*'],
  legalComments: 'none',
  logLevel: 'warning',
});
// Only ES modules can be split, and only CommonJS can run with what V8 has compiled ahead: that cannot use import().
for (const { path, text } of outputFiles) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__fileUrl' },
    banner: text.includes('import.meta.url')
      ? "const __fileUrl = require('node:url').pathToFileURL(__filename).href;"
      : '',
    minifySyntax: true,
    minifyWhitespace: true,
    // The bundling has warned of all that is worth it.
    logLevel: 'error',
  });
  const named = code.replaceAll(/(require\("\.\/[^"]+)\.js"\)/g, '$1.cjs")');
  writeFileSync(
    join(draft, basename(path).replace(/\.js$/, '.cjs')),
    `(function(exports,require,module,__filename,__dirname){${lazily(named)}\n})`,
  );
}
await forAuthors(draft);
await warmUp(draft);
rmSync(outdir, { recursive: true, force: true });
renameSync(draft, outdir);

/** What modules of authors import from `play/module`: play itself hands it to them, this is for their editors and tests. */
async function forAuthors(folder) {
  const entryPoints = ['src/library/author.ts'];
  await build({
    absWorkingDir: root,
    entryPoints,
    outfile: join(folder, 'module.mjs'),
    bundle: true,
    format: 'esm',
    target,
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [
    tsc,
    '-p',
    join(root, 'scripts/author.tsconfig.json'),
    '--outDir',
    join(folder, 'types'),
  ]);
}

/** Lets each `name=require("…")` wait until something of the module is used: loading net, crypto and child_process takes 25 ms. */
function lazily(code) {
  return code.replaceAll(
    /\b([\w$]+)=((?:require|\(0,[\w$]+\.__require\))\("(?:node:|\.\/)[^"]+"\))(?=[,;])/g,
    (whole, name, call) => {
      const uses = [
        ...code.matchAll(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])(?:\\.([\\w$]+))?`, 'g')),
      ];
      const properties = new Set(uses.map(([, property]) => property));
      // Its own declaration is the one place that names nothing of it.
      if (uses.filter(([, property]) => property === undefined).length !== 1) return whole;
      properties.delete(undefined);
      const getters = [...properties].map((property) => `get ${property}(){return(m??=${call}).${property}}`);
      return `${name}=(m=>({${getters.join(',')}}))()`;
    },
  );
}
