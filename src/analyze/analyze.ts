import type { Reference } from '../expr/expression.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { Sources } from '../model/span.ts';
import type { Plan, PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import { reservedRoots } from '../render/scope.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { similar } from '../util/similar.ts';

/** What can be known before any host is contacted: files that are missing, names that no host gives. Also finds which facts each play uses. */
export async function analyze(options: {
  plan: Plan;
  inventory: Inventory;
  compiler: TextCompiler;
  files: Files;
  sources: Sources;
}): Promise<Problem[]> {
  const { plan, inventory, compiler } = options;
  const problems: Problem[] = [];
  const definitions = new Map<Definition, ValueTemplate | undefined>();
  const compile = (definition: Definition): ValueTemplate | undefined => {
    if (!definitions.has(definition)) {
      const at = definition.at ?? { file: definition.layer, start: 0, end: 0 };
      const done = compiler.compileValue({ value: definition.value, locate: () => at });
      problems.push(...done.problems);
      definitions.set(definition, done.value);
    }
    return definitions.get(definition);
  };
  for (const play of plan.plays) {
    for (const task of [...play.tasks, ...play.handlers]) {
      task.references.push(...(await fileReferences(task, options, problems)));
      problems.push(...(await refusedArguments(task, options.files)));
    }
    problems.push(...undefinedNames({ plan, play, inventory, compile }));
    play.factGroups = factGroupsOf(play, plan, inventory, compile);
  }
  return problems;
}

/** Reads the files that tasks name outright; a template file is compiled, and what it reads counts as read by the task. */
async function fileReferences(
  task: PlannedTask,
  { compiler, files, sources }: { compiler: TextCompiler; files: Files; sources: Sources },
  problems: Problem[],
): Promise<Reference[]> {
  const references: Reference[] = [];
  for (const [param, kind] of Object.entries(task.module.reads ?? {})) {
    const value = task.task.args.value[param];
    if (typeof value !== 'string' || value.includes('{{')) continue;
    try {
      const bytes = await files.read(value, kind);
      if (kind !== 'templates') continue;
      const text = Buffer.from(bytes).toString('utf8');
      const file = files.found(value, kind);
      sources.set(file, text);
      const done = compiler.compileTemplate(text, { file, start: 0, end: text.length });
      problems.push(...done.problems);
      references.push(...(done.template?.references ?? []));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const at = task.task.args.locate([param]);
      problems.push(...error.problems.map((each) => ({ ...each, at: each.at ?? at })));
    }
  }
  return references;
}

/** What a module refuses although its schema allows it, where the parameters are known already: a bad pattern, two that exclude each other. */
async function refusedArguments(task: PlannedTask, files: Files): Promise<Problem[]> {
  if (!task.isStatic || task.module.on !== 'host') return [];
  try {
    await task.module.resource(task.task.args.value as never, {
      env: {},
      check: true,
      readFile: (path, kind) => files.read(path, kind),
      renderText: () => '',
    });
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const missing = error.problems.every(({ code }) => code === 'E_FILE_MISSING');
    // Missing files have been reported where they are named.
    return missing ? [] : error.problems.map((each) => ({ ...each, at: each.at ?? task.task.args.locate() }));
  }
}

/** Names that a task reads and that nothing gives on at least one of its hosts. Registers count from the task after theirs on. */
function undefinedNames(options: {
  plan: Plan;
  play: PlannedPlay;
  inventory: Inventory;
  compile(definition: Definition): ValueTemplate | undefined;
}): Problem[] {
  const { plan, play, inventory, compile } = options;
  const problems: Problem[] = [];
  const given = new Set<string>([...reservedRoots, ...plan.vars.keys(), ...play.vars.keys()]);
  const earlier = plan.plays.slice(0, plan.plays.indexOf(play));
  for (const task of earlier.flatMap((each) => [...each.tasks, ...each.handlers]))
    for (const name of gives(task)) given.add(name);
  const everything = new Set([...given, ...[...play.tasks, ...play.handlers].flatMap(gives)]);
  const check = (task: PlannedTask, names: ReadonlySet<string>): void => {
    const own = new Set([...(task.vars?.keys() ?? []), 'item', 'index', 'result']);
    if (task.task.register !== undefined) own.add(task.task.register);
    for (const reference of task.references) {
      const { root, guarded, at } = reference;
      if (guarded || names.has(root) || own.has(root)) continue;
      const lacking = play.hosts.filter((host) => !inventory.hosts.get(host)?.vars.has(root));
      if (lacking.length === 0) continue;
      if (everything.has(root)) {
        problems.push(problem('E_REGISTER_LATER', { name: root }, at));
        continue;
      }
      const known = [
        ...everything,
        ...own,
        ...play.hosts.flatMap((host) => [...(inventory.hosts.get(host)?.vars.keys() ?? [])]),
      ];
      const near = similar(root, known);
      problems.push(
        problem('E_NAME_UNKNOWN', { name: root, similar: near, hosts: lacking, of: play.hosts.length }, at),
      );
    }
  };
  const names = new Set(given);
  for (const task of play.tasks) {
    check(task, names);
    for (const name of gives(task)) names.add(name);
  }
  for (const handler of play.handlers) {
    for (const name of gives(handler)) names.add(name);
    check(handler, names);
  }
  for (const host of play.hosts) {
    for (const list of inventory.hosts.get(host)?.vars.values() ?? []) {
      const last = list.at(-1);
      if (last && !last.data) compile(last);
    }
  }
  return problems;
}

/** Names that a task leaves behind. */
function gives(task: PlannedTask): string[] {
  const { register, module, args } = task.task;
  return [...(register === undefined ? [] : [register]), ...(module === 'set_fact' ? Object.keys(args.value) : [])];
}

/** The groups of facts that a play's tasks and variables name; with a computed name, all of them (an empty list). */
function factGroupsOf(
  play: PlannedPlay,
  plan: Plan,
  inventory: Inventory,
  compile: (definition: Definition) => ValueTemplate | undefined,
): string[] {
  const inventoryVars = play.hosts.flatMap((host) =>
    [...(inventory.hosts.get(host)?.vars.values() ?? [])].flatMap((list) => {
      const last = list.at(-1);
      return last && !last.data ? (compile(last)?.references ?? []) : [];
    }),
  );
  const references = [
    ...[...play.tasks, ...play.handlers].flatMap((task) => task.references),
    ...[...plan.vars.values(), ...play.vars.values()].flatMap((value) => value.references),
    ...inventoryVars,
  ].filter(({ root }) => root === 'facts');
  if (references.some(({ path }) => path.length === 0)) return [];
  return [...new Set(references.flatMap(({ path }) => path.slice(0, 1)))];
}
