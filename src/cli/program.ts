import { Argument, Command, Help, Option } from 'commander';
import type { GivenText } from '../params/resolve.ts';
import type { ApplyOptions } from './apply.ts';
import { commands } from './commands.ts';
import type { InventoryOptions } from './inventory.ts';
import type { ModulesOptions } from './modules.ts';
import {
  addApplyOptions,
  addDoctorOptions,
  addInventoryOptions,
  addLintOptions,
  addRunOptions,
  addSavePlanOptions,
  addTableOptions,
  addWhyOptions,
  type LintOptions,
  type PlanOptions,
  type RunOptions,
  type WhyOptions,
} from './options.ts';
import { addSecretCommands } from './secret/commands.ts';
import type { Surroundings } from './surroundings.ts';
import type { TableOptions } from './table.ts';
import { usageWords } from './usage-words.ts';

/** What commands are handed, and whom they tell their exit code. */
interface Hands {
  around: Surroundings;
  done(exit: number): void;
  /** What the flags of parameters were given. */
  flags: GivenText[];
  hasFlag(name: string): boolean;
  /** The command of the playbook that is meant. */
  entry(): string | undefined;
  /** Those that it has. */
  bookCommands(): string[];
  /** The command that is meant: the others are only named, because making all their options takes a start 3 ms. Undefined: all are told of. */
  meant: string | undefined;
}

/** The command line: a first word that is no command is a playbook to run. */
export function createProgram({ around, done, flags, hasFlag, entry, bookCommands, meant }: Hands): Command {
  const play = new Command('play')
    .description('Runs a playbook: checks it whole, then brings hosts to the state it asks for.')
    .usage('<playbook.yml | command> [options]')
    .version('0.1.0')
    .showHelpAfterError('(play --help lists commands and options)')
    .configureOutput({ outputError: (text, write) => write(usageWords(text, { argv: around.argv, commands })) })
    .configureHelp({ optionDescription })
    .enablePositionalOptions()
    .exitOverride();
  const add = (usage: string, description: string, fill: (command: Command) => void): void => {
    const command = play.command(usage, { isDefault: usage.startsWith('run ') }).description(description);
    if (meant === undefined || meant === command.name()) fill(command);
  };
  /** An action on a playbook, which may have any number of words behind it. */
  const onPlaybook =
    <O extends object>(
      work: (
        file: string,
        options: O & Pick<PlanOptions, 'flags' | 'hasFlag' | 'entry' | 'commands'>,
      ) => Promise<number>,
    ) =>
    async (...given: unknown[]): Promise<void> => {
      const chosen = entry();
      const options = (given.at(-1) as Command).opts() as O;
      const asked = { flags, hasFlag, commands: bookCommands(), ...(chosen !== undefined && { entry: chosen }) };
      done(await work(String(given[0]), { ...options, ...asked }));
    };
  add('run <playbook>', 'run a playbook (the word "run" may be left out)', (command) =>
    addRunOptions(command).action(
      onPlaybook<RunOptions>(async (file, options) => (await import('./run.ts')).run(file, options, around)),
    ),
  );
  add('check <playbook>', 'what a run would change, with diffs: run --check --diff', (command) =>
    addRunOptions(command).action(
      onPlaybook<RunOptions>(async (file, options) =>
        (await import('./run.ts')).run(file, { ...options, check: true, diff: true }, around),
      ),
    ),
  );
  add('plan <playbook>', 'what a run would change, saved so that `play apply` does just that', (command) =>
    addSavePlanOptions(command).action(
      onPlaybook<RunOptions & { out: string }>(async (file, options) =>
        (await import('./plan.ts')).plan(file, options, around),
      ),
    ),
  );
  add('apply <plan>', 'do what a saved plan says, and nothing where something has changed since', (command) =>
    addApplyOptions(command).action(async (file: string, options: ApplyOptions) =>
      done(await (await import('./apply.ts')).apply(file, options, around)),
    ),
  );
  add('lint <playbook>', 'check a playbook and its inventory, contact nothing', (command) =>
    addLintOptions(command).action(
      onPlaybook<LintOptions>(async (file, options) => (await import('./lint.ts')).lint(file, options, around)),
    ),
  );
  add('inventory [pattern]', 'hosts, groups and variables; which hosts a pattern means', (command) =>
    addInventoryOptions(command).action(async (pattern: string | undefined, options: InventoryOptions) =>
      done(await (await import('./inventory.ts')).inventory(pattern, options, around)),
    ),
  );
  add('why <variable> [playbook]', 'where a variable gets its value from, and what it outdoes', (command) =>
    addWhyOptions(command).action(async (variable: string, file: string | undefined, options: WhyOptions) =>
      done(await (await import('./why.ts')).why(variable, file, options, around)),
    ),
  );
  add('modules [name]', 'what tasks can do: all modules, or the documentation of one', (command) =>
    command
      .option(
        '--playbook <file>',
        'with the modules and libraries of this playbook; those of this folder when not said',
      )
      .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
      .action(async (name: string | undefined, options: ModulesOptions) =>
        done(await (await import('./modules.ts')).showModules(name, options, around)),
      ),
  );
  const listing = 'the plays and tasks of a playbook, or the playbooks of this folder; roles and libraries';
  add('list [playbook]', listing, (command) =>
    command.action(async (file: string | undefined) => done(await (await import('./list.ts')).list(file, around))),
  );
  const health =
    'what this machine can do of tasks about networks; with "aws": who it is there, what it may do, which instances it reaches';
  add('doctor', health, (command) =>
    addDoctorOptions(command).action(async (topic: string, options: { inventory: string[] }) =>
      done(
        topic === 'aws'
          ? await (await import('./doctor-aws.ts')).doctorAws(options, around)
          : await (await import('./doctor.ts')).doctor(around),
      ),
    ),
  );
  add('runs', 'the recorded runs of the playbooks in this folder', (command) =>
    command
      .option('-n, --number <n>', 'how many', '20')
      .action(async (options: { number: string }) => done(await (await import('./history.ts')).runs(options, around))),
  );
  add('show [run]', 'what a recorded run did; the last one when none is named', (command) =>
    command
      .option('--host <host>', 'only this host')
      .option('--task <text>', 'only tasks whose name or id holds this')
      .option('--output', 'all recorded output too')
      .action(async (run: string | undefined, options: { host?: string; task?: string; output?: boolean }) =>
        done(await (await import('./history.ts')).show(run, options, around)),
      ),
  );
  add('table <file...>', 'the rows of files, or what a query in SQL (the last word) makes of them', (command) =>
    addTableOptions(command).action(async (words: string[], options: TableOptions) =>
      done(await (await import('./table.ts')).showTable(words, options, around)),
    ),
  );
  add('secret', 'keys, encrypted files and encrypted values', (command) => addSecretCommands(command, around, done));
  add('completion', 'a script with which bash, zsh or fish completes the command line', (command) =>
    command
      .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
      .action(async (shell: 'bash' | 'zsh' | 'fish') =>
        done((await import('./completion.ts')).completion(shell, around)),
      ),
  );
  play
    .command('__complete [words...]', { hidden: true })
    .action(async (words: string[]) => done(await (await import('./completion.ts')).complete(words, play, around)));
  return play;
}

/** Lists are empty when not given, which need not be said. */
function optionDescription(option: Option): string {
  return Array.isArray(option.defaultValue) ? option.description : new Help().optionDescription(option);
}
