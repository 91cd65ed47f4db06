import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { root } from '../sources.mjs';
import { notice } from './paths.mjs';

const folder = 'src/modules/validators';

/**
 * Compiled checks of the modules' parameters, one file each, so that a run compiles no schema and loads only what its playbook uses.
 * Ajv's ES module output still calls `require` for its runtime, which is why it passes through the bundler.
 */
export async function validators(modules, { strict, allowedNames }) {
  const params = Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, strict(module.params)]));
  const sources = new Map(
    Object.entries(params).map(([name, schema]) => [name, source(name, schema, allowedNames(schema))]),
  );
  const names = [...sources.keys()];
  const { outputFiles } = await build({
    entryPoints: names,
    plugins: [inMemory(sources)],
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    banner: { js: `// ${notice}` },
    logLevel: 'warning',
  });
  return Object.fromEntries([
    [`${folder}/index.gen.ts`, index(names)],
    [`${folder}/params.gen.ts`, described(params)],
    ...names.map((name, i) => [`${folder}/${name}.gen.mjs`, outputFiles[i].text]),
  ]);
}

function source(name, schema, allowed) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // `required` beside `oneOf` names properties that another branch defines.
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  try {
    const code = standaloneCode.default(ajv, ajv.compile(schema));
    return `${code}\nexport const allowed = ${JSON.stringify(allowed)};`;
  } catch (error) {
    throw new Error(`the parameters of "${name}": ${error.message}`, { cause: error });
  }
}

/** The schemas themselves, for `play modules`: a run has only what was compiled of them. */
function described(params) {
  return [
    `// ${notice}`,
    '/** The JSON Schema of each module’s parameters, by YAML key. */',
    `export const params: Record<string, unknown> = ${JSON.stringify(params)};`,
    '',
  ].join('\n');
}

function index(names) {
  return [
    `// ${notice}`,
    "import type { Compiled } from '../validate.ts';",
    '',
    '/** Loads the compiled check of a module’s parameters. */',
    'export const loaders: Record<string, () => Promise<Compiled>> = {',
    ...names.map((name) => `  ${name}: () => import('./${name}.gen.mjs'),`),
    '};',
    '',
  ].join('\n');
}

/** Lets esbuild read entry points from a map. */
function inMemory(sources) {
  return {
    name: 'in-memory',
    setup(bundler) {
      bundler.onResolve({ filter: /.*/ }, ({ path, kind }) =>
        kind === 'entry-point' ? { path, namespace: 'memory' } : undefined,
      );
      bundler.onLoad({ filter: /.*/, namespace: 'memory' }, ({ path }) => ({
        contents: sources.get(path),
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}
