import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { modules } from '../src/modules/index.gen.ts';
import { validateParams } from '../src/modules/validate.ts';
import { foldersBeside } from '../src/parse/library.ts';
import { parsePlaybook } from '../src/parse/playbook.ts';
import { sentence } from '../src/problems/problem.ts';

/** What keeps the project uniform as it grows: every module is complete, and what the documentation shows is true. */

const root = new URL('../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  existsSync(new URL(folder, root))
    ? readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(ending))
        .map((file) => `${folder}/${file}`)
        .sort()
    : [];

/** What is wrong with a playbook for an editor, which knows only the schemas. */
const editor = (() => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  for (const file of filesIn('schemas/modules', '.json')) {
    ajv.addSchema(JSON.parse(textOf(file)), file.replace('schemas/', ''));
  }
  ajv.addSchema(JSON.parse(textOf('schemas/playbook.schema.json')), 'playbook.schema.json');
  const validate = ajv.getSchema('playbook.schema.json') as ValidateFunction;
  return (text: string): string[] => {
    validate(parse(text));
    return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`);
  };
})();

/** What is wrong with it for play. */
async function play(text: string): Promise<string[]> {
  const { problems } = await parsePlaybook({
    file: 'shown.yml',
    text,
    sources: new Map(),
    folders: foldersBeside('shown.yml', '/nowhere'),
    modules,
    validate: validateParams,
    entry: 'every',
  });
  return problems.map((problem) => sentence(problem).message);
}

describe('the list of modules', () => {
  it('is the folder', () => {
    const files = ['host', 'controller', 'both'].flatMap((on) =>
      filesIn(`src/modules/${on}`, '.ts').map((file) => file.replace(/^.*\/(\w+)\.ts$/, '$1')),
    );
    expect(Object.keys(modules)).toEqual(files.sort());
  });
});

describe.each(Object.entries(modules))('the module %s', (key, module) => {
  const parameters = Object.entries(module.params as { properties?: Record<string, { description?: string }> })
    .filter(([name]) => name === 'properties')
    .flatMap(([, properties]) => Object.entries(properties ?? {}));

  it('is called like its key and says what it does in a sentence', () => {
    expect(module.name).toBe(key);
    expect(module.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('describes every parameter and every field of its result', () => {
    const silent = parameters.filter(([, schema]) => !schema.description?.endsWith('.')).map(([name]) => name);
    expect(silent).toEqual([]);
    for (const meaning of Object.values(module.result)) expect(meaning).toMatch(/\.$/);
  });

  it('speaks only of parameters it has', () => {
    const names = parameters.map(([name]) => name);
    const spoken = [
      ...(module.shorthand ? [module.shorthand] : []),
      ...Object.keys(module.shellText ?? {}),
      ...(module.conditions ?? []),
      ...(module.exclusive ?? []).flat(),
      ...(module.requireOne ?? []).flat(),
    ];
    expect(spoken.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has at least three examples, and they are right', async () => {
    expect(module.examples.length).toBeGreaterThanOrEqual(3);
    for (const task of module.examples) {
      const handlers = [task['notify'] ?? []].flat().map((name) => ({ name, debug: 'notified' }));
      const text = stringify([{ hosts: 'all', tasks: [task], handlers }]);
      expect(task).toHaveProperty(key);
      expect(await play(text), text).toEqual([]);
      expect(editor(text), text).toEqual([]);
    }
  });

  it('has tests', () => {
    const stories = ['test/modules/controller.test.ts', ...filesIn('test/e2e', '.test.ts')];
    const told = stories.some((file) => textOf(file).includes(`describe('${key}'`));
    const playsAws = filesIn('test/aws-tasks', '.test.ts').some((file) => textOf(file).includes(`- ${key}: {`));
    expect(existsSync(new URL(`test/modules/${key}`, root)) || told || playsAws).toBe(true);
  });
});

describe('what is shown', () => {
  const pages = ['README.md', ...filesIn('docs', '.md')];
  const blocks = pages.flatMap((page) =>
    [...textOf(page).matchAll(/```yaml play\n(.*?)```/gs)].map((match, i) => ({
      place: `${page} (${i + 1})`,
      text: match[1] ?? '',
    })),
  );
  const playbooks = filesIn('playbooks', '.yml')
    .filter((file) => file.split('/').length === 2 && /^\s*-? *hosts:|^plays:/m.test(textOf(file)))
    .map((place) => ({ place, text: textOf(place) }));

  it.each([...blocks, ...playbooks])('$place is a playbook without a mistake', async ({ text }) => {
    expect(await play(text)).toEqual([]);
    expect(editor(text)).toEqual([]);
  });

  it('leads somewhere', () => {
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(new URL(target, new URL(page, root))))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('says what is not released yet', () => {
    expect(textOf('CHANGELOG.md')).toContain('## [Unreleased]');
  });
});
