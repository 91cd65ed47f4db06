import { Ajv2020 } from 'ajv/dist/2020.js';
import { type TSchema, Type } from 'typebox';
import type { HostModule, Module } from '../../src/model/module.ts';
import { isBlock, type Playbook, type Task } from '../../src/model/playbook.ts';
import type { SchemaIssue } from '../../src/model/schema-issue.ts';
import type { Sources } from '../../src/model/span.ts';
import { nearest } from '../../src/modules/nearest.ts';
import { foldersBeside } from '../../src/parse/library.ts';
import { parsePlaybook } from '../../src/parse/playbook.ts';

/** A few modules with the shapes that real ones have, so that these tests stand when a real one changes. */
export const toyModules: Record<string, Module> = {
  command: toy('command', {
    result: { rc: '', stdout: '' },
    params: closed({
      cmd: Type.Optional(Type.String({ minLength: 1 })),
      argv: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
      chdir: Type.Optional(Type.String()),
      creates: Type.Optional(Type.String()),
    }),
    shorthand: 'cmd',
    shellText: { cmd: 'words' },
    exclusive: [['cmd', 'argv']],
    requireOne: [['cmd', 'argv']],
  }),
  debug: toy('debug', { params: closed({ msg: Type.Optional(Type.Unsafe({})) }), shorthand: 'msg' }),
  file: toy('file', {
    params: closed({
      path: Type.String({ minLength: 1 }),
      state: Type.Optional(Type.Enum(['file', 'directory', 'link', 'absent'])),
      mode: Type.Optional(Type.String({ pattern: '^[0-7]{3,4}$' })),
      owner: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Integer({ minimum: 0 })])),
      recurse: Type.Optional(Type.Boolean()),
    }),
    shorthand: 'path',
  }),
  package: toy('package', {
    params: closed({
      name: Type.Union([Type.String(), Type.Array(Type.String())]),
      state: Type.Optional(Type.Enum(['present', 'absent', 'latest'])),
    }),
    shorthand: 'name',
  }),
  ports: toy('ports', {
    params: closed({
      open: Type.Array(
        closed({ port: Type.Integer({ minimum: 1, maximum: 65535 }), weight: Type.Optional(Type.Number()) }),
      ),
    }),
  }),
  service: toy('service', {
    params: closed({ name: Type.String(), state: Type.Enum(['started', 'stopped', 'restarted']) }),
  }),
};

function closed(properties: Record<string, TSchema>): TSchema {
  return Type.Object(properties, { additionalProperties: false });
}

function toy(name: string, parts: Pick<HostModule, 'params'> & Partial<HostModule>): Module {
  return {
    name,
    on: 'host',
    summary: '',
    result: {},
    examples: [],
    idempotent: true,
    resource: () => {
      throw new Error('toy modules do not run');
    },
    ...parts,
  };
}

const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true });
const checks = new Map(Object.values(toyModules).map((module) => [module.name, ajv.compile(module.params)]));

/** The check that the build makes from the real modules, here made while the test runs. */
async function validate({ name: module }: Pick<Module, 'name'>, value: unknown): Promise<SchemaIssue[]> {
  const check = checks.get(module);
  if (!check) throw new Error(`no module ${module}`);
  if (check(value)) return [];
  return nearest(check.errors ?? []).map(({ instancePath, keyword, params, message = '', ...raw }) => {
    const parent = 'parentSchema' in raw ? (raw.parentSchema as { properties?: object }) : {};
    const path = instancePath.split('/').slice(1);
    return {
      path: path.map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step)),
      keyword,
      message,
      params:
        keyword === 'type'
          ? { type: [params['type']].flat() }
          : keyword === 'additionalProperties'
            ? { ...params, allowed: Object.keys(parent.properties ?? {}) }
            : params,
    };
  });
}

/** Parses a playbook called `site.yml` with the toy modules. */
export async function parse(
  text: string,
): Promise<Awaited<ReturnType<typeof parsePlaybook>> & { sources: Sources; codes: string[] }> {
  const sources: Sources = new Map();
  const parsed = await parsePlaybook({
    file: 'site.yml',
    text,
    sources,
    modules: toyModules,
    validate,
    folders: foldersBeside('site.yml', '/nowhere'),
  });
  return { ...parsed, sources, codes: parsed.problems.map((one) => one.code) };
}

/** The tasks of the first play that stand directly in it. */
export function tasksOf(playbook: Playbook | undefined, play = 0): Task[] {
  return (playbook?.plays[play]?.nodes ?? []).filter((node): node is Task => !isBlock(node));
}
