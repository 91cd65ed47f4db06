import { type Command, InvalidArgumentError, Option } from 'commander';

import type { GivenText } from '../params/resolve.ts';

/** What says which hosts and tasks are meant: of every command that reads a playbook. */
export interface PlanOptions {
  /** What the flags of parameters were given, in order; `-p` comes after them. */
  flags?: GivenText[];
  /** Whether a parameter has a flag of its own. */
  hasFlag?(name: string): boolean;
  /** The command of the playbook that is meant, where it has some. */
  entry?: string;
  /** All that it has. */
  commands?: string[];
  param: string[];
  paramsFile?: string;
  inventory: string[];
  limit?: string;
  tags: string[];
  skipTags: string[];
  startAt?: string;
  set: string[];
  identity: string[];
  /** Files are only checked: what is encrypted may stay closed. */
  checksOnly?: boolean;
}

/** What `play lint` can be told. */
export interface LintOptions extends PlanOptions {
  format: 'text' | 'json' | 'github' | 'sarif';
  strict?: boolean;
  fix?: boolean;
}

/** What `play why` can be told. */
export interface WhyOptions extends PlanOptions {
  host?: string;
  task?: string;
  format: 'text' | 'json';
}

/** What a run can be told. */
export interface RunOptions extends PlanOptions {
  check?: boolean;
  diff?: boolean;
  detailedExitcode?: boolean;
  forks?: number;
  output: string[];
  verbose?: boolean;
  logFile?: string;
  user?: string;
  privateKey?: string;
  askPass?: boolean;
  askBecomePass?: boolean;
  acceptNew?: boolean;
  knownHosts: string[];
  sshConfig?: string;
  step?: boolean;
}

const collect = (value: string, before: string[]): string[] => [...before, value];
const words = (value: string, before: string[]): string[] => [
  ...before,
  ...value.split(',').filter((word) => word !== ''),
];

/** Options that choose hosts. */
function addHostOptions(command: Command): Command {
  return command
    .option(
      '-i, --inventory <file|a,b,>',
      'inventory: a YAML or INI file, a program, a folder, or hosts with commas; may be repeated',
      collect,
      [],
    )
    .option('-l, --limit <pattern>', 'only these of the hosts; @FILE reads them from a file');
}

/** Options of `play inventory`. */
export function addInventoryOptions(command: Command): Command {
  return addHostOptions(command)
    .addOption(
      new Option('--list', 'everything as data, in the format of inventory programs').conflicts(['graph', 'host']),
    )
    .addOption(new Option('--graph', 'the groups as a tree (as without any option)').conflicts('host'))
    .option('--host <name>', 'the variables of one host')
    .option('--vars', 'with the variables, in the tree')
    .addOption(new Option('--format <format>', 'of --list and --host').choices(['json', 'yaml']));
}

/** Options that choose hosts and tasks. */
function addPlanOptions(command: Command): Command {
  return addHostOptions(command)
    .option('-t, --tags <tags>', 'only tasks with one of these tags', words, [])
    .option('--skip-tags <tags>', 'no task with one of these tags', words, [])
    .option('--start-at <name>', 'no task before the first one with this name')
    .option(
      '--set <name=value>',
      'a variable that wins over all others; @FILE reads them from YAML; may be repeated',
      collect,
      [],
    )
    .option('-p, --param <name=value>', 'a parameter of the playbook; may be repeated', collect, [])
    .option('--params-file <file>', 'parameters from a YAML or JSON file')
    .option('--identity <file>', 'private key for what is encrypted; may be repeated', collect, []);
}

/** Options of `play lint`. */
export function addLintOptions(command: Command): Command {
  return addPlanOptions(command)
    .addOption(
      new Option('--format <format>', 'how problems are written')
        .choices(['text', 'json', 'github', 'sarif'])
        .default('text'),
    )
    .option('--strict', 'fail for warnings too')
    .option('--fix', 'mend what can be mended in only one way, in the files themselves');
}

/** Options of `play why`. */
export function addWhyOptions(command: Command): Command {
  return addPlanOptions(command)
    .option('--host <host>', 'on which host; may be left out when there is only one')
    .option('--task <name>', 'as this task sees it, by its name or id')
    .addOption(new Option('--format <format>', 'how it is written').choices(['text', 'json']).default('text'));
}

/** Options of a run. */
export function addRunOptions(command: Command): Command {
  return addViewOptions(
    addConnectOptions(
      addPlanOptions(command)
        .option('--check', 'change nothing, say what would change')
        .option('--step', 'ask before each task whether to run it')
        .option('--detailed-exitcode', 'with --check: exit with 10 when something would change or is unknown'),
    ),
    '-o, --output <view[=file]>',
  );
}

/** Options of `play plan`: a check run whose findings are saved. */
export function addSavePlanOptions(command: Command): Command {
  return addViewOptions(addConnectOptions(addPlanOptions(command)), '--output <view[=file]>')
    .requiredOption('-o, --out <plan>', 'the file to save the plan in')
    .option('--detailed-exitcode', 'exit with 10 when something would change or is unknown');
}

/** Options of `play apply`: everything else stands in the plan. */
export function addApplyOptions(command: Command): Command {
  return addViewOptions(addConnectOptions(command), '-o, --output <view[=file]>').option(
    '-p, --param <name=value>',
    'a secret parameter, which the plan does not hold; may be repeated',
    collect,
    [],
  );
}

function addViewOptions(command: Command, output: string): Command {
  return command
    .option('--diff', 'show what changes inside files')
    .option(output, 'live, lines, json or quiet; may be repeated', collect, [])
    .option('-v, --verbose', 'show the output of every command')
    .option('--log-file <file>', 'add records of the run to this file; JSON lines when it ends in .json or .jsonl');
}

function addConnectOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --forks <n>', 'hosts at work at the same time (200; over Systems Manager any number)').argParser(
        count,
      ),
    )
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('-K, --ask-become-pass', 'ask for the password that sudo wants')
    .option('--accept-new', 'trust hosts that are not known yet, and remember them; changed keys are still refused')
    .option('--known-hosts <file>', 'files of trusted host keys, the first is written to; may be repeated', collect, [])
    .option('--ssh-config <file>', 'instead of ~/.ssh/config');
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on is needed.');
  return value;
}

/** Options of `play table`. */
export function addTableOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['text', 'csv', 'tsv', 'json', 'ndjson', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--input <format>',
        'what the files are, where their names do not tell; `-` is standard input',
      ).choices(['csv', 'tsv', 'json', 'ndjson']),
    )
    .option('--delimiter <text>', 'what stands between fields')
    .option('--table <name>', 'the table of an SQLite database')
    .option('--rows <n>', 'how many rows text, markdown and html show at most', '1000')
    .addHelpText(
      'after',
      `
The first file is called data, and each by its name: play table access.csv "SELECT host, count(*) FROM access GROUP BY host"`,
    );
}
