import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../sources.mjs';
import { camelCase, functionFiles, sourcesIn } from './paths.mjs';

/** What the sources export now: modules and functions by file name, the words of the language, and what is known about schemas. */
export async function load() {
  const folders = {
    modules: ['src/modules/host', 'src/modules/controller', 'src/modules/both'],
  };
  const entries = Object.entries(folders).flatMap(([kind, places]) =>
    places.flatMap((folder) => sourcesIn(folder).map((name) => ({ kind, folder, name }))),
  );
  const functions = functionFiles();
  const exports = entries.map(
    ({ kind, folder, name }) => `export { ${camelCase(name)} as '${kind}/${name}' } from './${folder}/${name}.ts';`,
  );
  for (const { topic, name } of functions) {
    exports.push(`export { ${camelCase(name)} as 'function/${name}' } from './src/functions/${topic}/${name}.ts';`);
  }
  exports.push("export * as forms from './src/functions/written.ts';");
  exports.push("export * as kinds from './src/functions/kinds.ts';");
  exports.push("export { templatable } from './src/parse/templatable.ts';");
  exports.push("export { strict, allowedNames } from './src/modules/strict.ts';");
  exports.push("export { kindOf } from './src/modules/kind-of.ts';");
  exports.push("export { facts } from './src/modules/facts/index.gen.ts';");
  exports.push("export * as words from './src/parse/keywords.ts';");
  const loaded = await importSource(exports.join('\n'));
  const ofKind = (kind) =>
    Object.fromEntries(
      entries
        .filter((entry) => entry.kind === kind)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name }) => [name, loaded[`${kind}/${name}`]]),
    );
  return {
    modules: ofKind('modules'),
    functions: functions.map(({ topic, name }) => ({ topic, ...loaded[`function/${name}`] })),
    forms: { ...loaded.forms, takes: loaded.kinds.takes },
    facts: loaded.facts,
    words: loaded.words,
    schema: {
      templatable: loaded.templatable,
      strict: loaded.strict,
      allowedNames: loaded.allowedNames,
      kindOf: loaded.kindOf,
    },
  };
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
