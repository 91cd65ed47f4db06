import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { Sources } from '../../src/model/span.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { type Problem, sentence } from '../../src/problems/problem.ts';

/** A folder with these files, gone after the story. */
export async function inFolder<T>(files: Record<string, string>, story: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'play-inventory-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
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
  options: { sources?: string[]; playbookDir?: string } = {},
): Promise<Loaded> {
  return inFolder(files, async (cwd) => {
    const fileSources: Sources = new Map();
    const { sources = ['hosts.yml'], playbookDir } = options;
    const { inventory, problems } = await loadInventory({
      sources,
      cwd,
      fileSources,
      readYaml,
      ...(playbookDir !== undefined && { playbookDir }),
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
