// Bundles src/cli/main.ts into dist/, or into the folder named as argument.
// Each `await import()` becomes a file of its own, so a run loads only what it uses.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { root } from './sources.mjs';

const entry = 'src/cli/main.ts';
const outdir = resolve(process.argv[2] ?? join(root, 'dist'));

if (!existsSync(join(root, entry))) {
  console.error(`build: ${entry} is missing`);
  process.exit(1);
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: entry },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
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
  plugins: [lazyPackages()],
  banner: { js: commonjsNames() },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

// Only now, so that a `play` that runs meanwhile finds its files.
for (const file of leftovers(metafile)) rmSync(join(root, file));

/** CommonJS packages inside an ES module expect these names. */
function commonjsNames() {
  return [
    "import { createRequire as __createRequire } from 'node:module';",
    "import { fileURLToPath as __fileURLToPath } from 'node:url';",
    "import { dirname as __dirnameOf } from 'node:path';",
    'const require = __createRequire(import.meta.url);',
    'const __filename = __fileURLToPath(import.meta.url);',
    'const __dirname = __dirnameOf(__filename);',
  ].join('\n');
}

/**
 * `await import('ssh2')` gives the names of a CommonJS package in Node, but only `default` in a bundle.
 * Here each package that is imported so goes through a module that exports what Node would.
 */
function lazyPackages() {
  const namespace = 'lazy-package';
  return {
    name: namespace,
    setup(bundler) {
      bundler.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
        kind === 'dynamic-import' && !path.startsWith('node:') ? { path, namespace } : undefined,
      );
      bundler.onLoad({ filter: /./, namespace }, async ({ path }) => {
        const names = Object.keys(await import(path)).filter((name) => /^[\w$]+$/.test(name));
        const contents = `export { ${names.join(', ')} } from '${path}';`;
        return { contents, resolveDir: root };
      });
    },
  };
}

function leftovers({ outputs }) {
  return readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => relative(root, join(found.parentPath, found.name)))
    .filter((path) => !(path in outputs));
}
