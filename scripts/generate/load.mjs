import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../sources.mjs';
import { camelCase, sourcesIn } from './paths.mjs';

/** The sources as they are now, bundled and imported: the modules by YAML key, and what turns a schema into its "may hold a template" form. */
export async function load() {
  const names = ['host', 'controller'].flatMap((on) =>
    sourcesIn(`src/modules/${on}`).map((name) => ({ name, file: `src/modules/${on}/${name}.ts` })),
  );
  const entry = names.map(({ name, file }) => `export { ${camelCase(name)} as ${name} } from './${file}';`);
  if (has('src/parse/templatable.ts')) entry.push("export { templatable } from './src/parse/templatable.ts';");
  const loaded = await importSource(entry.join('\n'));
  const modules = Object.fromEntries(
    names.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name }) => [name, loaded[name]]),
  );
  return { modules, templatable: loaded.templatable };
}

/** Bundles TypeScript text that stands in the project's folder and imports the result. */
async function importSource(contents) {
  // Beside node_modules, so that the packages left out of the bundle are found.
  const cache = `${root}node_modules/.cache`;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${cache}/play-generate-`);
  try {
    const outfile = `${folder}/bundle.mjs`;
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      loader: { '.sh': 'text' },
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True when a source is there already. */
function has(path) {
  return existsSync(`${root}${path}`);
}
