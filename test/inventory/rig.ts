import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AskAws } from '../../src/aws/inventory/question.ts';
import { createInventoryExpressions } from '../../src/execute/inventory-expressions.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { Sources } from '../../src/model/span.ts';
import type { Fields } from '../../src/model/value.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { type Problem, sentence } from '../../src/problems/problem.ts';
import { createSecrets } from '../../src/secrets/registry.ts';
import { createTextCompiler } from '../../src/template/text-compiler.ts';

/** A folder with these files (those that begin with `#!` may be run), gone after the story. */
export async function inFolder<T>(files: Record<string, string>, story: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'play-inventory-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      // Programs may be run.
      await writeFile(join(folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    return await story(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Loaded {
  inventory: Inventory;
  problems: Problem[];
  /** Problems as a user reads them: `file:line:col message | hint`. */
  screen: string[];
}

/** Loads sources (default: all of `hosts.yml`) from a folder with these files. */
export async function load(
  files: Record<string, string>,
  options: { sources?: string[]; playbookDir?: string; askAws?: AskAws } = {},
): Promise<Loaded> {
  return inFolder(files, async (cwd) => {
    const fileSources: Sources = new Map();
    const { sources = ['hosts.yml'], playbookDir, askAws } = options;
    const { inventory, problems } = await loadInventory({
      sources,
      cwd,
      fileSources,
      readYaml,
      env: { PATH: process.env['PATH'], CITY: 'Ghent' },
      expressions: createInventoryExpressions({
        compiler: createTextCompiler({ sources: fileSources }),
        names: { env: () => ({ STAGE: 'test' }), params: () => ({}), run: () => ({}), stdin: () => ({}) },
        home: cwd,
        secrets: createSecrets(),
        functionContext: () => undefined as never,
      }),
      ...(playbookDir !== undefined && { playbookDir }),
      ...(askAws && { askAws }),
    });
    return { inventory, problems, screen: problems.map((p) => shown(p, fileSources).replaceAll(cwd, 'FOLDER')) };
  });
}

/** A problem on one line. */
export function shown(p: Problem, sources: Sources = new Map()): string {
  const { message, hint } = sentence(p);
  const text = hint === undefined ? message : `${message} | ${hint}`;
  if (!p.at) return text;
  const before = (sources.get(p.at.file) ?? '').slice(0, p.at.start).split('\n');
  return `${p.at.file}:${before.length}:${(before.at(-1) ?? '').length + 1} ${text}`;
}

/** The layers of a variable, weakest first: `layer=value`. */
export function layers(inventory: Inventory, host: string, name: string): string[] {
  return (inventory.hosts.get(host)?.vars.get(name) ?? []).map((d) => `${d.layer}=${JSON.stringify(d.value)}`);
}

/** Listed hosts, in order. */
export function hostNames(inventory: Inventory): string[] {
  return [...inventory.hosts.values()].filter((host) => !host.implicit).map((host) => host.name);
}

/** What counts: the hosts of every group, and the variables of every host. */
export function summary(inventory: Inventory): { groups: Record<string, string[]>; hosts: Record<string, Fields> } {
  const hosts = hostNames(inventory).map((name): [string, Fields] => {
    const vars = [...(inventory.hosts.get(name)?.vars ?? [])];
    return [name, Object.fromEntries(vars.map(([key, list]) => [key, list.at(-1)?.value ?? null]))];
  });
  const groups = [...inventory.groups.values()].map((group) => [group.name, group.hosts]);
  return { groups: Object.fromEntries(groups), hosts: Object.fromEntries(hosts) };
}
