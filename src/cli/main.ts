import process from 'node:process';
import { Argument, Command, CommanderError, Help, Option } from 'commander';
import type { ParamDeclaration } from '../model/param.ts';
import type { GivenText } from '../params/resolve.ts';
import { ProblemError, problem, sentence } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import type { ApplyOptions } from './apply.ts';
import type { InventoryOptions } from './inventory.ts';
import type { ModulesOptions } from './modules.ts';
import {
  addApplyOptions,
  addInventoryOptions,
  addLintOptions,
  addRunOptions,
  addSavePlanOptions,
  addWhyOptions,
  type LintOptions,
  type RunOptions,
  type WhyOptions,
} from './options.ts';
import { addParamFlags, declaredParams, isTaken, withDashes } from './param-flags.ts';
import { addSecretCommands } from './secret/commands.ts';
import { type Surroundings, surroundings } from './surroundings.ts';
import { usageWords } from './usage-words.ts';

const around = surroundings();

/** The commands beside running a playbook. */
const commands = [
  'apply',
  'check',
  'completion',
  'inventory',
  'lint',
  'list',
  'modules',
  'plan',
  'runs',
  'secret',
  'show',
  'why',
];

/** `play deploy.yml …` means `play run deploy.yml …`; said in full, so that `play deploy.yml --help` tells of the options of a run. */
function inFull(argv: readonly string[]): readonly string[] {
  const [first = '-'] = argv;
  return first.startsWith('-') || ['run', 'help', '__complete', ...commands].includes(first) ? argv : ['run', ...argv];
}

/** Lists are empty when not given, which need not be said. */
function optionDescription(option: Option): string {
  return Array.isArray(option.defaultValue) ? option.description : new Help().optionDescription(option);
}

/** Tells commands from playbooks: a first word that is no command is a playbook to run. */
function program(done: (exit: number) => void, flags: GivenText[], hasFlag: (name: string) => boolean): Command {
  const play = new Command('play')
    .description('Runs a playbook: checks it whole, then brings hosts to the state it asks for.')
    .usage('<playbook.yml | command> [options]')
    .version('0.1.0')
    .showHelpAfterError('(play --help lists commands and options)')
    .configureOutput({ outputError: (text, write) => write(usageWords(text, { argv: around.argv, commands })) })
    .configureHelp({ optionDescription })
    .enablePositionalOptions()
    .exitOverride();
  addRunOptions(
    play.command('run <playbook>', { isDefault: true }).description('run a playbook (the word "run" may be left out)'),
  ).action(async (file: string, options: RunOptions) =>
    done(await (await import('./run.ts')).run(file, { ...options, flags, hasFlag }, around)),
  );
  addRunOptions(
    play.command('check <playbook>').description('what a run would change, with diffs: run --check --diff'),
  ).action(async (file: string, options: RunOptions) =>
    done(await (await import('./run.ts')).run(file, { ...options, flags, hasFlag, check: true, diff: true }, around)),
  );
  addSavePlanOptions(
    play.command('plan <playbook>').description('what a run would change, saved so that `play apply` does just that'),
  ).action(async (file: string, options: RunOptions & { out: string }) =>
    done(await (await import('./plan.ts')).plan(file, { ...options, flags, hasFlag }, around)),
  );
  addApplyOptions(
    play
      .command('apply <plan>')
      .description('do what a saved plan says, and nothing where something has changed since'),
  ).action(async (file: string, options: ApplyOptions) =>
    done(await (await import('./apply.ts')).apply(file, options, around)),
  );
  addLintOptions(
    play.command('lint <playbook>').description('check a playbook and its inventory, contact nothing'),
  ).action(async (file: string, options: LintOptions) =>
    done(await (await import('./lint.ts')).lint(file, { ...options, flags, hasFlag }, around)),
  );
  addInventoryOptions(
    play.command('inventory [pattern]').description('hosts, groups and variables; which hosts a pattern means'),
  ).action(async (pattern: string | undefined, options: InventoryOptions) =>
    done(await (await import('./inventory.ts')).inventory(pattern, options, around)),
  );
  addWhyOptions(
    play.command('why <variable> [playbook]').description('where a variable gets its value from, and what it outdoes'),
  ).action(async (variable: string, file: string | undefined, options: WhyOptions) =>
    done(await (await import('./why.ts')).why(variable, file, options, around)),
  );
  play
    .command('modules [name]')
    .description('what tasks can do: all modules, or the documentation of one')
    .option('--playbook <file>', 'with the modules and libraries of this playbook; those of this folder when not said')
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
    .action(async (name: string | undefined, options: ModulesOptions) =>
      done(await (await import('./modules.ts')).showModules(name, options, around)),
    );
  play
    .command('list [playbook]')
    .description('the plays and tasks of a playbook, or the playbooks of this folder; roles and libraries')
    .action(async (file: string | undefined) => done(await (await import('./list.ts')).list(file, around)));
  play
    .command('runs')
    .description('the recorded runs of the playbooks in this folder')
    .option('-n, --number <n>', 'how many', '20')
    .action(async (options: { number: string }) => done(await (await import('./history.ts')).runs(options, around)));
  play
    .command('show [run]')
    .description('what a recorded run did; the last one when none is named')
    .option('--host <host>', 'only this host')
    .option('--task <text>', 'only tasks whose name or id holds this')
    .option('--output', 'all recorded output too')
    .action(async (run: string | undefined, options: { host?: string; task?: string; output?: boolean }) =>
      done(await (await import('./history.ts')).show(run, options, around)),
    );
  addSecretCommands(play, around, done);
  play
    .command('completion')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .description('a script with which bash, zsh or fish completes the command line')
    .action(async (shell: 'bash' | 'zsh' | 'fish') =>
      done((await import('./completion.ts')).completion(shell, around)),
    );
  play
    .command('__complete [words...]', { hidden: true })
    .action(async (words: string[]) => done(await (await import('./completion.ts')).complete(words, play, around)));
  return play;
}

/** Runs the command line and gives the exit code. A user's mistake never shows a stack trace. */
async function main(): Promise<number> {
  let exit = 0;
  const given: GivenText[] = [];
  let declared: ParamDeclaration[] = [];
  const argv = inFull(around.argv);
  const [name = '', ...args] = argv;
  const play = program(
    (code) => {
      exit = code;
    },
    given,
    (param) => declared.some((each) => each.name === param) && !taken.has(param),
  );
  const taken = new Set<string>();
  try {
    if (around.argv.length === 0) {
      around.stderr.write(play.helpInformation());
      return 2;
    }
    const command = play.commands.find((each) => each.name() === name);
    if (command?.registeredArguments[0]?.name() === 'playbook') {
      declared = await declaredParams(command, args, around.cwd);
      for (const each of declared) if (isTaken(command, each.name)) taken.add(each.name);
      addParamFlags(command, declared, given);
    }
    await play.parseAsync([...argv.slice(0, 1), ...withDashes(args, declared)], { from: 'user' });
    return exit;
  } catch (error) {
    return explain(error, around);
  }
}

/** Standard output went to a file, and that could not take it. */
function unseen(error: Error): ProblemError {
  return new ProblemError(problem('E_OUTPUT_LOST', { path: 'standard output', reason: fileReason(error) }));
}

function explain(error: unknown, { stderr, env }: Surroundings): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ProblemError) {
    for (const each of error.problems) {
      const { message, hint } = sentence(each);
      stderr.write(`play: ${message} [${each.code}]\n${hint ? `  ${hint}\n` : ''}`);
    }
    return Math.max(...error.problems.map((each) => sentence(each).exit));
  }
  const detail = error instanceof Error ? error : new Error(String(error));
  stderr.write(`play itself failed: ${detail.message} [E_BUG]\n  please report it with the playbook that shows it\n`);
  if (env['PLAY_DEBUG']) stderr.write(`${detail.stack}\n`);
  return 1;
}

// A reader that is gone (`play … | head`) is no reason to fail, and no fault of what is watched may end a run.
let unwritten: NodeJS.ErrnoException | undefined;
for (const stream of [around.stdout, around.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
}
void main().then(async (exit) => {
  // A fault of the last write shows only in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.exitCode = unwritten ? explain(unseen(unwritten), around) : exit;
  // All is done; taking the heap apart would take longer than many a run. What is still to be written keeps the process going.
  if (around.stdout.writableLength + around.stderr.writableLength === 0) process.exit();
});
