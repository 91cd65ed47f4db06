import { describe, expect, test } from 'vitest';
import { createLibrary, type Library } from '../../src/library/library.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

const module = (name: string): string =>
  `export default { name: '${name}', on: 'controller', summary: 'It is ${name}.', params: {}, run: () => ({ changed: false }) };\n`;

const libraryOf = (desk: Desk): Library =>
  createLibrary({
    playbookDir: desk.dir,
    cwd: desk.dir,
    sources: new Map(),
    taken: { builtIn: (name) => name === 'copy', keyword: () => false },
  });

describe('modules in a folder', () => {
  test('are listed by name without being read, and read once', async () => {
    await using desk = await createDesk({
      'modules/one.ts': module('one'),
      'modules/broken.js': 'this is no JavaScript',
      'modules/_shared.ts': '',
      'modules/one.test.ts': '',
      'modules/lib/helper.ts': '',
      'modules/README.md': '',
    });
    const { modules, problems } = libraryOf(desk).own();
    expect(Object.keys(modules)).toEqual(['broken', 'one']);
    expect(problems).toEqual([]);
    const load = modules['one'] as () => Promise<unknown>;
    expect(await load()).toBe(await load());
    expect(await load()).toMatchObject({ name: 'one', on: 'controller', idempotent: false });
  });

  test('of a role are its own', async () => {
    await using desk = await createDesk({ 'roles/web/modules/site.js': module('site') });
    const library = libraryOf(desk);
    expect(Object.keys(library.modulesOf(`${desk.dir}/roles/web`).modules)).toEqual(['site']);
    expect(library.own().modules).toEqual({});
  });
});

test('roles are listed by their full names, those of installed libraries too', async () => {
  await using desk = await createDesk({
    'roles/web/role.yml': '',
    'node_modules/play-acme/package.json': '{"keywords":["play-library"]}',
    'node_modules/play-acme/roles/db/role.yml': '',
    'node_modules/other/package.json': '{}',
    'node_modules/other/roles/cache/role.yml': '',
  });
  const library = libraryOf(desk);
  expect(library.roles().map(({ name }) => name)).toEqual(['web', 'acme.db']);
  expect(library.rolesFolder('acme')).toBe('node_modules/play-acme/roles');
  expect(library.rolesFolder('other')).toBeUndefined();
});
