import type { FunctionContext } from '../model/function-context.ts';
import type { Definition, Inventory } from '../model/inventory.ts';
import type { ParamDeclaration } from '../model/param.ts';
import type { Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { holdsExpressions } from '../plan/decisions.ts';
import type { Plan, PlannedPlay, PlannedReader } from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import { definitionTemplate } from '../template/definitions.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { findRefusedArguments } from './arguments.ts';
import { createBuiltInCheck } from './built-in.ts';
import { createCertainty } from './certainty.ts';
import { findConditionTypes } from './condition-types.ts';
import { findUnknownDelegates } from './delegates.ts';
import { factGroups } from './fact-groups.ts';
import { readNamedFiles } from './files.ts';
import { findMissingFiles } from './function-files.ts';
import { givenBy } from './givers.ts';
import { findHiddenVariables } from './hidden.ts';
import { type HostClass, hostClasses } from './host-classes.ts';
import { mentionedNames } from './mentioned.ts';
import { createNameFaults } from './name-faults.ts';
import { findNames } from './names.ts';
import { findRefusedRoleArguments } from './role-arguments.ts';
import { findUnclearRunOnce } from './run-once.ts';
import { findBadFactNames } from './set-facts.ts';
import { findSetMistakes } from './set-names.ts';
import { findNamesFromResults } from './use-registers.ts';
import { findWarnings } from './warnings/warnings.ts';

/**
 * What can be known before any host is contacted: files that are missing, arguments that modules refuse, names that have no value where they
 * are read. Also works out which facts the plays use, and reads the templates that tasks name (both are added to the plan).
 */
export async function analyze(options: {
  plan: Plan;
  inventory: Inventory;
  compiler: TextCompiler;
  files: Files;
  sources: Sources;
  /** The environment that play runs in. */
  env: Readonly<Record<string, string | undefined>>;
  /** What parameters are declared, and their values as far as they are known. */
  params: { declarations: readonly ParamDeclaration[]; values: Fields };
  /** Also tells what only warns: for `play lint`, because it takes time. */
  warns?: boolean;
  /** Why a field of standard input has no value, in a run; undefined: it has. */
  stdin?(field: string): string | undefined;
  functionContext(host: string): FunctionContext;
}): Promise<Problem[]> {
  const { plan, inventory, compiler, files, sources, env, functionContext } = options;
  const { declarations, values } = options.params;
  const params = { names: declarations.map(({ name }) => name), values };
  await loadForInventory(inventory, compiler);
  const variables = inventoryVariables(compiler);
  const given = new Set(
    plan.plays.flatMap((play) =>
      [...play.readers, ...play.handlers].flatMap((planned) => givenBy(planned, play).map(({ name }) => name)),
    ),
  );
  const certainty = createCertainty({ plan, inventory, env, params, compile: variables.compiled, functionContext });
  const isSkipped = (play: PlannedPlay, planned: PlannedReader): boolean =>
    play.hosts.every((host) => certainty.isSkipped({ play, planned, host, given }));

  const problems = [
    ...(await readNamedFiles({ plan, compiler, files, sources, certainty, given, isSkipped })),
    ...(await findRefusedArguments({ plan, files, isSkipped })),
    ...findBadFactNames(plan),
    ...findUnknownDelegates(plan, inventory),
    ...findHiddenVariables(plan),
    ...findRefusedRoleArguments(plan),
    ...findUnclearRunOnce(plan),
    ...findNamesFromResults(plan, given),
    ...findConditionTypes({ plan, params: options.params, certainty, given }),
  ];
  // Only now, because templates mention names too.
  const { compile } = variables;
  const mentioned = mentionedNames(plan, inventory, { compile, compiler });
  problems.push(...findSetMistakes(plan, mentioned));
  const classes = new Map(
    plan.plays.map((play) => [play, hostClasses({ hosts: play.hosts, inventory, compile, mentioned })]),
  );
  const classesOf = (play: PlannedPlay): readonly HostClass[] => classes.get(play) ?? [];
  const faultOf = createNameFaults({
    plan,
    builtIn: createBuiltInCheck({
      inventory,
      env,
      params: params.names,
      ...(options.stdin && { stdin: options.stdin }),
    }),
    sources,
  });
  problems.push(...findNames({ plan, classesOf, certainty, faultOf }));
  problems.push(...findMissingFiles({ plan, sources, classesOf, certainty, functionContext, given }));
  const groups = factGroups(plan, classesOf);
  for (const play of plan.plays) play.factGroups = groups;
  const warnings = options.warns ? findWarnings({ plan, inventory, sources, isSkipped }) : [];
  return [...variables.problems(), ...problems, ...warnings];
}

/** Compiled inventory variables; what is wrong with one is told once, however many hosts have it. */
function inventoryVariables(compiler: TextCompiler): {
  compile(definition: Definition): ValueTemplate | undefined;
  compiled(definition: Definition): ValueTemplate;
  problems(): Problem[];
} {
  const wrong = new Set<Problem>();
  return {
    compile(definition) {
      const { value, problems } = compiler.compileDefinition(definition);
      for (const each of problems) wrong.add(each);
      return value;
    },
    compiled: (definition) => definitionTemplate(compiler, definition),
    problems: () => [...wrong],
  };
}

/** Variables of any host may be read during the run, so the engine must be there for all of them. */
async function loadForInventory(inventory: Inventory, compiler: TextCompiler): Promise<void> {
  const seen = new Set<Definition>();
  for (const { vars } of inventory.hosts.values()) {
    for (const definitions of vars.values()) {
      const last = definitions.at(-1);
      if (!last || seen.has(last)) continue;
      seen.add(last);
      if (!last.data && holdsExpressions(last.value)) return compiler.load();
    }
  }
}
