import { camelCase, functionFiles, notice, sourcesIn } from './paths.mjs';

/** Folders whose files each export one object, and how the list of them is called. */
const lists = [{ folder: 'src/modules/facts', name: 'facts', what: 'Every group of facts.' }];

/** YAML keys that are reserved words. */
const reserved = ['package', 'import', 'debugger', 'switch'];

/** The text of each `index.gen.ts`, by path. */
export function indexes() {
  return {
    'src/modules/index.gen.ts': moduleIndex(),
    'src/modules/loaders.gen.ts': moduleLoaders(),
    'src/functions/index.gen.ts': functionIndex(),
    ...Object.fromEntries(lists.map(listIndex).filter(Boolean)),
  };
}

function moduleFiles() {
  return ['host', 'controller', 'both']
    .flatMap((on) => sourcesIn(`src/modules/${on}`).map((name) => ({ on, name })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All at once, for the generator and the tests. */
function moduleIndex() {
  const files = moduleFiles();
  return lines(
    "import type { Module } from '../model/module.ts';",
    ...files.map(({ on, name }) => `import { ${imported(name)} } from './${on}/${name}.ts';`),
    '',
    '/** Every task module by its YAML key. */',
    'export const modules: Record<string, Module> = {',
    ...files.map(({ name }) => (local(name) === name ? `  ${name},` : `  ${name}: ${local(name)},`)),
    '};',
  );
}

/** One at a time, for a run: it reads only those that its playbook uses. */
function moduleLoaders() {
  return lines(
    "import type { Module } from '../model/module.ts';",
    '',
    '/** Reads a task module, by its YAML key; the same one each time. */',
    'export const loaders: Record<string, () => Promise<Module>> = {',
    ...moduleFiles().map(
      ({ on, name }) => `  ${name}: async () => (await import('./${on}/${name}.ts')).${camelCase(name)},`,
    ),
    '};',
  );
}

/** What completion says of each module, without reading any. */
export function summaries(modules) {
  return lines(
    '/** What is true after a task of each module, by its YAML key. */',
    'export const summaries: Record<string, string> = {',
    ...Object.entries(modules).map(([name, { summary }]) => `  ${name}: ${JSON.stringify(summary)},`),
    '};',
  );
}

/** What a module is called in the list: words that JavaScript keeps for itself cannot be names of variables. */
function local(name) {
  return reserved.includes(name) ? `${name}Module` : camelCase(name);
}

function imported(name) {
  return local(name) === camelCase(name) ? camelCase(name) : `${camelCase(name)} as ${local(name)}`;
}

function listIndex({ folder, name, what }) {
  const files = sourcesIn(folder);
  if (files.length === 0) return undefined;
  const text = lines(
    ...files.map((file) => `import { ${camelCase(file)} } from './${file}.ts';`),
    '',
    `/** ${what} */`,
    `export const ${name} = [${files.map(camelCase).join(', ')}] as const;`,
  );
  return [`${folder}/index.gen.ts`, text];
}

function functionIndex() {
  const files = functionFiles();
  return lines(
    ...files.map(({ topic, name }) => `import { ${camelCase(name)} } from './${topic}/${name}.ts';`),
    '',
    '/** Every function of templates and expressions. */',
    `export const functions = [${files.map(({ name }) => camelCase(name)).join(', ')}];`,
  );
}

function lines(...text) {
  return `// ${notice}\n${text.join('\n')}\n`;
}
