// npm run new-module NAME [-- --controller]: the files a new task module begins with.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { camelCase } from './generate/paths.mjs';
import { root } from './sources.mjs';

const { values, positionals } = parseArgs({ options: { controller: { type: 'boolean' } }, allowPositionals: true });
const [name] = positionals;
if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
  stop(
    'usage: npm run new-module NAME [-- --controller]\nNAME is the YAML key: lower case, words joined by underscores',
  );
}

const on = values.controller ? 'controller' : 'host';
const files = {
  [`src/modules/${on}/${name}.ts`]: on === 'host' ? hostModule() : controllerModule(),
  ...(on === 'host'
    ? { [`test/modules/${name}/cases.yml`]: cases() }
    : { [`test/modules/${name}/${name.replaceAll('_', '-')}.test.ts`]: controllerTest() }),
};
for (const taken of ['host', 'controller'].map((side) => `src/modules/${side}/${name}.ts`)) {
  if (existsSync(root + taken)) stop(`${taken} is there already`);
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
  console.log(`wrote ${path}`);
}
console.log('next: docs/adding-a-module.md, then `npm run generate` and `npm run check`');

function hostModule() {
  return `import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import { sh } from '../../program/sh.ts';

const params = Type.Object({
  path: Type.String({ description: 'Where it is.', minLength: 1 }),
});

/** What is true after the task. */
export const ${camelCase(name)} = {
  name: '${name}',
  on: 'host',
  summary: 'What is true after the task.',
  params,
  result: {},
  examples: [{ ${name}: { path: '/srv/app' } }],
  idempotent: true,
  resource: ({ path }) => ({
    kind: 'converge',
    probe: [{ stat: path, fields: ['mode'] }],
    expect: 'directory 0755',
    apply: sh\`mkdir -p -- \${path} && chmod -- 0755 \${path}\`,
  }),
} satisfies HostModule<typeof params>;
`;
}

function controllerModule() {
  return `import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';

const params = Type.Object({
  text: Type.String({ description: 'What to say.' }),
});

/** What is true after the task. */
export const ${camelCase(name)} = {
  name: '${name}',
  on: 'controller',
  pure: true,
  summary: 'What is true after the task.',
  params,
  result: {},
  examples: [{ ${name}: { text: 'hello' } }],
  idempotent: true,
  run: ({ text }) => ({ changed: false, fields: {}, message: text }),
} satisfies ControllerModule<typeof params>;
`;
}

function controllerTest() {
  return `import { expect, it } from 'vitest';
import { ${camelCase(name)} } from '../../../src/modules/controller/${name}.ts';

it('says what is asked for', async () => {
  expect(await ${camelCase(name)}.run({ text: 'hello' })).toMatchObject({ message: 'hello' });
});
`;
}

function cases() {
  return `- name: makes what is not there
  task: { ${name}: { path: $DIR/app } }
  status: changed
  end: { app: { directory: true, mode: '0755' } }

- name: leaves alone what is right
  start: { app: { directory: true, mode: '0755' } }
  task: { ${name}: { path: $DIR/app } }
  status: ok
`;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
