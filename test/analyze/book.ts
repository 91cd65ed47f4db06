import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { analyze } from '../../src/analyze/analyze.ts';
import { limitHosts } from '../../src/inventory/limit.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { Sources } from '../../src/model/span.ts';
import { modules } from '../../src/modules/index.gen.ts';
import { validateParams } from '../../src/modules/validate.ts';
import { readDeclarations } from '../../src/params/declarations.ts';
import { foldersBeside } from '../../src/parse/library.ts';
import { parsePlaybook } from '../../src/parse/playbook.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { planPlaybook } from '../../src/plan/plan.ts';
import type { Plan } from '../../src/plan/planned.ts';
import { printProblems } from '../../src/problems/frame.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { createFiles, type Files } from '../../src/render/files.ts';
import { createFunctionContexts } from '../../src/render/function-contexts.ts';
import { createTextCompiler, type TextCompiler } from '../../src/template/text-compiler.ts';

/** What is said on the command line, and around it. */
export interface BookOptions {
  env?: Record<string, string>;
  limit?: string;
  tags?: string[];
  skipTags?: string[];
  /** With what only warns. */
  warns?: boolean;
}

/** A playbook that was read, planned and analyzed as `play lint` does it. */
export interface Book {
  problems: Problem[];
  codes: string[];
  /** All that its author sees. */
  screen: string;
  plan: Plan;
  inventory: Inventory;
  compiler: TextCompiler;
  files: Files;
  sources: Sources;
}

/**
 * Reads the files of a folder-to-be: `play.yml` is the playbook, `inventory.yml` (or a folder `inventory/`) its inventory.
 * Throws when the playbook cannot be parsed, because then there is nothing to analyze.
 */
export async function readBook(files: Record<string, string>, options: BookOptions = {}): Promise<Book> {
  const dir = await mkdtemp(join(tmpdir(), 'play-analyze-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    return await readFolder(dir, files, options);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readFolder(dir: string, given: Record<string, string>, options: BookOptions): Promise<Book> {
  const sources: Sources = new Map();
  const [file, text = ''] = ['play.yml', given['play.yml']];
  const parsed = await parsePlaybook({
    file,
    text,
    sources,
    modules,
    validate: validateParams,
    folders: foldersBeside(file, dir),
  });
  const hasInventory = given['inventory.yml'] !== undefined;
  const loaded = await loadInventory({
    sources: hasInventory ? ['inventory.yml'] : [],
    cwd: dir,
    playbookDir: dir,
    fileSources: sources,
    readYaml,
  });
  const { inventory } = loaded;
  const before = [...parsed.problems, ...loaded.problems];
  const print = (problems: Problem[]): string => printProblems(problems, { sources, width: 100, color: false });
  if (!parsed.playbook) throw new Error(`not a playbook:\n${print(before)}`);
  const limit =
    options.limit === undefined ? undefined : (await limitHosts({ inventory, limit: options.limit, cwd: dir })).hosts;
  const compiler = createTextCompiler({ sources });
  const files = createFiles({ playbookDir: dir, cwd: dir, home: dir });
  const { plan, problems: planned } = await planPlaybook({
    playbook: parsed.playbook,
    inventory,
    compiler,
    ...(limit && { limit: new Set(limit) }),
    tags: { only: options.tags ?? [], skip: options.skipTags ?? [] },
  });
  const declarations = parsed.playbook.params ? readDeclarations(parsed.playbook.params).declarations : [];
  const env = options.env ?? { HOME: '/home/ann' };
  const now = new Date('2026-01-31T12:00:00Z');
  const functionContext = createFunctionContexts({
    now,
    seed: () => 'a test',
    env,
    home: dir,
    playbookDir: dir,
    files,
  });
  const found = await analyze({
    plan,
    inventory,
    compiler,
    files,
    sources,
    env,
    params: { declarations, values: {} },
    functionContext,
    warns: options.warns ?? false,
  });
  const problems = [...before, ...planned, ...found];
  const codes = problems.map(({ code }) => code);
  return { problems, codes, screen: print(problems), plan, inventory, compiler, files, sources };
}

/** Splits a case file: the playbook, then further files under `### NAME`, and `### options` as JSON. */
export function readCase(text: string): { files: Record<string, string>; options: BookOptions } {
  const [book = '', ...rest] = text.split(/^### (?=\S+$)/m);
  const files: Record<string, string> = { 'play.yml': book };
  let options: BookOptions = {};
  for (const part of rest) {
    const end = part.indexOf('\n');
    const [name, content] = [part.slice(0, end), part.slice(end + 1)];
    if (name === 'options') options = JSON.parse(content) as BookOptions;
    else files[name] = content;
  }
  return { files, options };
}
