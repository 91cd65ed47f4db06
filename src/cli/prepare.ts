import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { analyze } from '../analyze/analyze.ts';
import { findSsmSecrets } from '../analyze/ssm-secrets.ts';
import type { PlacedUse } from '../analyze/stored-collector.ts';
import { connectionDefaults } from '../execute/connections.ts';
import { limitHosts } from '../inventory/limit.ts';
import type { FunctionContext } from '../model/function-context.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Module } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Sources } from '../model/span.ts';
import type { Target } from '../model/transport.ts';
import { foldersBeside } from '../parse/library.ts';
import { parsePlaybook } from '../parse/playbook.ts';
import { planPlaybook } from '../plan/plan.ts';
import type { Plan, PlannedPlay } from '../plan/planned.ts';
import { withVarsFiles } from '../plan/vars-files.ts';
import { isWarning, type Problem, problem } from '../problems/problem.ts';
import { createFiles, type Files } from '../render/files.ts';
import { createSecrets, type Secrets } from '../secrets/registry.ts';
import { readOpened, type Vault } from '../secrets/vault.ts';
import { createTextCompiler, type TextCompiler } from '../template/text-compiler.ts';
import { similar } from '../util/similar.ts';
import type { Ask } from './ask.ts';
import { commands } from './commands.ts';
import { connectionProblems, connectionsBefore } from './connection-problems.ts';
import { fileNames, isComputed } from './file-names.ts';
import type { BookTexts } from './fill-in.ts';
import { functionContexts } from './function-contexts.ts';
import { knownModules } from './known-modules.ts';
import { checkLogging } from './logging.ts';
import { openVault } from './open-vault.ts';
import type { PlanOptions } from './options.ts';
import { type Params, readParams } from './params.ts';
import { readInventory } from './read-inventory.ts';
import { checkReports } from './reports.ts';
import { readSetVariables } from './set-variables.ts';
import { type PipedInput, pipedInput } from './stdin.ts';
import { createStored } from './stored.ts';
import { plainEnv, type Surroundings } from './surroundings.ts';

/** Everything that is known before a host is contacted. There is a plan only when all problems are warnings. */
export interface Prepared {
  sources: Sources;
  problems: Problem[];
  /** Learns every secret that is read or asked for; what people see goes through it. */
  secrets: Secrets;
  /** What is encrypted, opened as far as it was needed. */
  vault: Vault;
  /** Values of AWS that a run will read first; empty in a run, which has read them. */
  stored?: PlacedUse[];
  /** What could be read, faulty as it may be. */
  seen?: {
    plan: Plan;
    inventory: Inventory;
    compiler: TextCompiler;
    params: Params;
    functionContext(host: string): FunctionContext;
  };
  ready?: {
    plan: Plan;
    inventory: Inventory;
    compiler: TextCompiler;
    files: Files;
    playbookDir: string;
    params: Params;
    stdin: PipedInput;
    functionContext(host: string): FunctionContext;
    /** For texts that no task has. */
    book: BookTexts;
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
  const command = similar(written, commands);
  return command && `play ${command}`;
}

type Parsed = Awaited<ReturnType<typeof parsePlaybook>>;
type Loaded = Awaited<ReturnType<typeof readInventory>>;

/** Reads, checks and plans a playbook against its inventory. Contacts nothing. */
export async function prepare(
  file: string,
  options: PlanOptions,
  around: Surroundings,
  asking?: { ask: Ask | undefined },
): Promise<Prepared> {
  const sources: Sources = new Map();
  const secrets = createSecrets();
  const vault = openVault(options, { around, secrets });
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
    const problems = [problem('E_PLAYBOOK_UNREADABLE', { path: name, code, similar: near })];
    return { sources, problems, secrets, vault };
  }
  const playbookDir = dirname(path);
  const known = await knownModules({ playbookDir, cwd: around.cwd, sources });
  const folders = foldersBeside(name, around.cwd);
  const compiler = createTextCompiler({ sources });
  const files = createFiles({ playbookDir, cwd: around.cwd, home: around.home, decrypt: vault.bytes });
  const stored = createStored(around, secrets);
  const functionContext = functionContexts(around, { playbookDir, files, stored });
  const { result, problems } = await readOpened(
    vault,
    async (): Promise<[Parsed, Loaded]> => [
      await parsePlaybook({ file: name, text, sources, ...known, folders, secrets: vault, entry: options.entry }),
      await readInventory({
        inventory: options.inventory,
        ...(options.flushCache && { flushCache: true }),
        playbookDir,
        sources,
        compiler,
        around,
        vault,
        secrets,
        functionContext,
      }),
    ],
  );
  const [parsed, loaded] = result;
  problems.push(...parsed.problems, ...known.problems, ...loaded.problems);
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
  if (!parsed.playbook) return { sources, problems, secrets, vault };
  const { playbook } = parsed;
  const params = await readParams({
    playbook,
    options,
    around,
    sources,
    isRun: asking !== undefined,
    ask: problems.length === 0 ? asking?.ask : undefined,
  });
  problems.push(...params.problems);
  for (const value of params.secrets) secrets.add(value);
  const { set, problems: notSet } = readSetVariables(options.set, { cwd: around.cwd, sources });
  problems.push(...notSet);
  if (playbook.plays.some(({ varsFiles }) => varsFiles.some(isComputed))) await compiler.load();
  const planned = await planPlaybook({
    playbook: await withVarsFiles(playbook, {
      folders,
      sources,
      problems,
      vault,
      render: fileNames({ playbook, compiler, params, set, env: plainEnv(around.env), problems }),
    }),
    inventory,
    compiler,
    ...(limit && { limit }),
    set,
    tags: { only: options.tags, skip: options.skipTags },
    ...(options.startAt !== undefined && { startAt: options.startAt }),
  });
  problems.push(...believable(planned.problems));
  if (loaded.problems.length > 0) return { sources, problems, secrets, vault };
  if (limit && problems.length === 0 && planned.plan.plays.every((play) => play.hosts.length === 0)) {
    const patterns = [...new Set(planned.plan.plays.map(({ play }) => play.hosts.value))];
    problems.push(problem('E_LIMIT_NO_HOSTS', { limit: options.limit ?? '', patterns }));
  }
  const stdin = pipedInput(around);
  const book = { playbook, compiler, params, set, env: plainEnv(around.env), taint: secrets };
  if (params.missing.length === 0) problems.push(...(await checkReports(book)), ...(await checkLogging(book)));
  const shared = { inventory, compiler, functionContext };
  const found = await analyze({
    plan: planned.plan,
    ...shared,
    files,
    sources,
    env: around.env,
    params,
    warns: asking === undefined,
    // What is only checked gets no input.
    ...(asking && { stdin: stdin.fault }),
  });
  // What an encrypted file would give is not known while it is closed.
  problems.push(...(vault.isBlind() ? found.filter(({ code }) => !code.startsWith('E_NAME_')) : found));
  const looked = {
    plan: planned.plan,
    ...shared,
    sources,
    env: around.env,
    params: { names: params.declarations.map((one) => one.name), values: params.values },
  };
  const isRun = asking !== undefined;
  let uses: PlacedUse[] = [];
  if (!isRun) {
    const needed = await stored.find(looked);
    uses = needed.uses;
    if (params.missing.length === 0) problems.push(...needed.problems);
  } else if (problems.every(isWarning)) problems.push(...(await stored.read(looked)));
  // Settings may need a parameter that `play lint` was not given.
  if (params.missing.length === 0 || isRun) {
    const reached = connectionsBefore({ ...shared, around, params, secrets });
    problems.push(...connectionProblems({ plan: planned.plan, connections: reached, inventory, warns: !isRun }));
    const targetOf = ({ play }: PlannedPlay, host: string): Target => reached.of(host, connectionDefaults(play)).target;
    const { secretsIn } = secrets;
    if (problems.every(isWarning))
      problems.push(...findSsmSecrets({ ...looked, params, targetOf, secretsIn, warns: !isRun }));
  }
  const seen = { plan: planned.plan, inventory, compiler, params, functionContext };
  if (problems.some((one) => !isWarning(one))) return { sources, problems, secrets, vault, seen, stored: uses };
  return {
    stored: uses,
    sources,
    problems,
    secrets,
    vault,
    seen,
    ready: { plan: planned.plan, ...shared, files, playbookDir, params, stdin, book, validator: known.validator },
  };
}
