import { type Command, InvalidArgumentError, Option } from 'commander';

import type { GivenText } from '../params/resolve.ts';

/** What says which hosts and tasks are meant: of every command that reads a playbook. */
export interface PlanOptions {
  /** What the flags of parameters were given, in order; `-p` comes after them. */
  flags?: GivenText[];
  /** Whether a parameter has a flag of its own. */
  hasFlag?(name: string): boolean;
  param: string[];
  paramsFile?: string;
  inventory: string[];
  limit?: string;
  tags: string[];
  skipTags: string[];
}

/** What a run can be told. */
export interface RunOptions extends PlanOptions {
  check?: boolean;
  diff?: boolean;
  detailedExitcode?: boolean;
  forks: number;
  output: string[];
  verbose?: boolean;
  user?: string;
  privateKey?: string;
  askPass?: boolean;
  askBecomePass?: boolean;
  acceptNew?: boolean;
  knownHosts: string[];
  sshConfig?: string;
}

const collect = (value: string, before: string[]): string[] => [...before, value];
const words = (value: string, before: string[]): string[] => [
  ...before,
  ...value.split(',').filter((word) => word !== ''),
];

/** Options that choose hosts and tasks. */
export function addPlanOptions(command: Command): Command {
  return command
    .option(
      '-i, --inventory <file|a,b,>',
      'inventory: a YAML file, a folder, or hosts with commas; may be repeated',
      collect,
      [],
    )
    .option('-l, --limit <pattern>', 'only these of the hosts; @FILE reads them from a file')
    .option('-t, --tags <tags>', 'only tasks with one of these tags', words, [])
    .option('--skip-tags <tags>', 'no task with one of these tags', words, [])
    .option('-p, --param <name=value>', 'a parameter of the playbook; may be repeated', collect, [])
    .option('--params-file <file>', 'parameters from a YAML or JSON file');
}

/** Options of a run. */
export function addRunOptions(command: Command): Command {
  return addViewOptions(
    addConnectOptions(
      addPlanOptions(command)
        .option('--check', 'change nothing, say what would change')
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
    .option('-v, --verbose', 'show the output of every command');
}

function addConnectOptions(command: Command): Command {
  return command
    .addOption(new Option('-f, --forks <n>', 'hosts at work at the same time').default(200).argParser(count))
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
