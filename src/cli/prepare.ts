import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { analyze } from '../analyze/analyze.ts';
import { createConnections } from '../execute/connections.ts';
import { limitHosts } from '../inventory/limit.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Module } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Sources } from '../model/span.ts';
import { parsePlaybook } from '../parse/playbook.ts';
import { readYaml } from '../parse/yaml.ts';
import { planPlaybook } from '../plan/plan.ts';
import type { Plan } from '../plan/planned.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { createFiles, type Files } from '../render/files.ts';
import { createTextCompiler, type TextCompiler } from '../template/text-compiler.ts';
import { similar } from '../util/similar.ts';
import { knownModules } from './known-modules.ts';
import type { PlanOptions } from './options.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';

/** Everything that is known before a host is contacted. There is a plan only when there are no problems. */
export interface Prepared {
  sources: Sources;
  problems: Problem[];
  ready?: {
    plan: Plan;
    inventory: Inventory;
    compiler: TextCompiler;
    files: Files;
    playbookDir: string;
    /** Synchronous once prepared: every module of the playbook has been loaded. */
    validator(module: Module): (value: unknown) => SchemaIssue[];
  };
}

/** What was probably meant by a playbook that is not there: a file beside it, or a command. */
function nearPlaybook(path: string, written: string): string | undefined {
  const beside = existsSync(dirname(path)) ? readdirSync(dirname(path)) : [];
  const near = similar(
    basename(path),
    beside.filter((name) => /\.ya?ml$/.test(name)),
  );
  if (near !== undefined) return join(dirname(written), near);
  const command = similar(written, ['check', 'lint', 'runs', 'show']);
  return command && `play ${command}`;
}

/** Reads, checks and plans a playbook against its inventory. Contacts nothing. */
export async function prepare(file: string, options: PlanOptions, around: Surroundings): Promise<Prepared> {
  const sources: Sources = new Map();
  const path = resolve(around.cwd, file);
  const shown = relative(around.cwd, path);
  const name = shown === '' || shown.startsWith('..') ? path : shown;
  let text: string;
  try {
    // Nothing else can go on yet, and node:fs/promises takes 3 ms to load.
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const near = code === 'ENOENT' ? nearPlaybook(path, file) : undefined;
    return { sources, problems: [problem('E_PLAYBOOK_UNREADABLE', { path: name, code, similar: near })] };
  }
  const playbookDir = dirname(path);
  const known = await knownModules({ playbookDir, cwd: around.cwd, sources });
  const parsed = await parsePlaybook({ file: name, text, sources, ...known });
  const loaded = await loadInventory({
    sources: options.inventory,
    cwd: around.cwd,
    playbookDir,
    fileSources: sources,
    readYaml,
  });
  const problems = [...parsed.problems, ...known.problems, ...loaded.problems];
  const { inventory } = loaded;
  // Hosts that are missing may stand in an inventory that could not be read.
  const believable = (found: Problem[]): Problem[] =>
    loaded.problems.length === 0 ? found : found.filter(({ code }) => !code.startsWith('E_PATTERN_'));
  let limit: ReadonlySet<string> | undefined;
  if (options.limit !== undefined) {
    const limited = await limitHosts({ inventory, limit: options.limit, cwd: around.cwd });
    problems.push(...believable(limited.problems));
    limit = new Set(limited.hosts);
  }
  if (!parsed.playbook) return { sources, problems };
  const compiler = createTextCompiler({ sources });
  const files = createFiles({ playbookDir, cwd: around.cwd, home: around.home });
  const planned = await planPlaybook({
    playbook: parsed.playbook,
    inventory,
    compiler,
    ...(limit && { limit }),
    tags: { only: options.tags, skip: options.skipTags },
  });
  problems.push(...believable(planned.problems));
  if (loaded.problems.length > 0) return { sources, problems };
  if (limit && problems.length === 0 && planned.plan.plays.every((play) => play.hosts.length === 0)) {
    const patterns = [...new Set(planned.plan.plays.map(({ play }) => play.hosts.value))];
    problems.push(problem('E_LIMIT_NO_HOSTS', { limit: options.limit ?? '', patterns }));
  }
  problems.push(...(await analyze({ plan: planned.plan, inventory, compiler, files, sources, env: around.env })));
  problems.push(...connectionProblems(planned.plan, { inventory, compiler, around }));
  if (problems.length > 0) return { sources, problems };
  return {
    sources,
    problems,
    ready: { plan: planned.plan, inventory, compiler, files, playbookDir, validator: known.validator },
  };
}

/** Connection settings that are wrong: found for every host of the plan, and before the first is contacted. */
function connectionProblems(
  plan: Plan,
  { inventory, compiler, around }: { inventory: Inventory; compiler: TextCompiler; around: Surroundings },
): Problem[] {
  const names = { env: () => plainEnv(around.env), params: () => ({}), run: () => ({}) };
  const connections = createConnections({ inventory, compiler, names, home: around.home, overrides: {} });
  const hosts = new Set(plan.plays.flatMap((play) => play.hosts));
  return [...hosts].flatMap((name) => connections.of(name).problems);
}
