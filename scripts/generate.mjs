// Writes what follows from the sources: lists of modules, JSON Schema for editors, compiled checks, pages.
// With --check it changes nothing that is committed and says which files are stale.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromPython } from './generate/from-python.mjs';
import { indexes, summaries } from './generate/indexes.mjs';
import { load } from './generate/load.mjs';
import { pages } from './generate/pages.mjs';
import { reference } from './generate/reference.mjs';
import { schemas } from './generate/schemas.mjs';
import { validators } from './generate/validators.mjs';
import { root } from './sources.mjs';

const { modules, functions, forms, words, schema } = await load();
const committed = {
  ...indexes(),
  'src/modules/summaries.gen.ts': summaries(modules),
  ...pages(modules, schema),
  ...reference({ functions, forms }),
  ...fromPython(),
  ...schemas({ modules, words, schema }),
};
const products = await validators(modules, schema);

/** Folders in which every file is generated, so that one without a source is a leftover. */
const owned = ['docs/coming-from-python', 'docs/functions', 'docs/modules', 'schemas', 'schemas/modules'];

const stale = [...differing(committed), ...leftovers(owned, committed)];
// All of them, so that their age says when they were last made.
write(Object.keys(products), products);
for (const path of leftovers(['src/modules/validators'], products)) rmSync(root + path);

if (!process.argv.includes('--check')) {
  write(differing(committed), committed);
  for (const path of leftovers(owned, committed)) rmSync(root + path);
  for (const path of stale) console.log(`${path in committed ? 'wrote' : 'removed'} ${path}`);
} else if (stale.length > 0) {
  console.error(
    `stale, run \`npm run generate\` and commit the result:\n${stale.map((path) => `  ${path}`).join('\n')}`,
  );
  process.exitCode = 1;
}

function differing(files) {
  return Object.keys(files).filter((path) => read(path) !== files[path]);
}

function leftovers(folders, files) {
  return folders.flatMap((folder) =>
    list(folder)
      .map((name) => join(folder, name))
      .filter((path) => !(path in files)),
  );
}

function list(folder) {
  try {
    return readdirSync(root + folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(root + path, 'utf8');
  } catch {
    return undefined;
  }
}

function write(paths, files) {
  for (const path of paths) {
    mkdirSync(dirname(root + path), { recursive: true });
    // Renamed into place, so that a test that runs meanwhile reads a whole file.
    const draft = `${root}node_modules/.cache/generate-${process.pid}`;
    writeFileSync(draft, files[path]);
    renameSync(draft, root + path);
  }
}
