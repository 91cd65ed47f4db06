import { resolve } from 'node:path';
import type { ParamDeclaration } from '../model/param.ts';
import type { CommandShape, OptionShape, Suggestion } from './commands.ts';
import { filesLike } from './files.ts';
import { type Line, readLine } from './line.ts';
import { type Place, paramValues, valuesFor } from './values.ts';

/** What is known about the command line of play and its surroundings. */
export interface SuggestOptions {
  /** Words after `play`, up to the cursor; the last one is the one that is typed, and may be empty. */
  words: readonly string[];
  commands: readonly CommandShape[];
  /** Options of play itself. */
  general: readonly OptionShape[];
  cwd: string;
  /** `$XDG_STATE_HOME/play`. */
  stateDir: string;
}

/** What may be typed for the last word. Broken playbooks and inventories are no mistake here: what can be read of them is offered. */
export async function suggest(options: SuggestOptions): Promise<Suggestion[]> {
  const { words } = options;
  const typed = words.at(-1) ?? '';
  const found = await all(options, typed);
  return found.filter(({ value }) => value.startsWith(typed));
}

async function all({ words, commands, general, cwd, stateDir }: SuggestOptions, typed: string): Promise<Suggestion[]> {
  const [first = ''] = words;
  const isFirst = words.length <= 1;
  if (isFirst && !typed.startsWith('-')) {
    const names = commands.map(({ name, description }) => ({ value: name, description }));
    return [...names, ...filesLike(typed, { cwd, ending: /\.ya?ml$/ })];
  }
  const named = isFirst ? undefined : commands.find(({ name }) => name === first);
  // `play deploy.yml` is `play run deploy.yml`.
  const command = named ?? commands.find(({ name }) => name === 'run');
  if (!command) return [];
  const rest = named ? words.slice(1) : words;
  const known = readLine(rest, command);
  const file = command.args[0]?.name === 'playbook' ? fileOf(known) : undefined;
  const playbook = file === undefined ? undefined : resolve(cwd, file);
  const entry = known.operands[known.operands.indexOf(file ?? '') + 1];
  const { commands: own, params } =
    playbook === undefined ? { commands: [], params: [] } : (await import('./playbook.ts')).headOf(playbook, entry);
  const free = params.filter(({ name }) => !command.options.some(({ names }) => names.includes(flagOf(name))));
  const whole = { ...command, options: [...command.options, ...free.flatMap(flagsOf)] };
  const line = readLine(rest, whole);
  const place: Place = {
    cwd,
    stateDir,
    params,
    inventory: line.given.get('--inventory') ?? [],
    ...(playbook !== undefined && { playbook }),
  };
  if (line.open) return ofOption(line.open, line, { place, params: free });
  if (typed.startsWith('-') && !line.ended) {
    return [...whole.options, ...(isFirst ? general : []), help].flatMap((option) => namesOf(option, typed));
  }
  const behind = line.operands.length - 1;
  if (file !== undefined && behind >= 0 && command.args.length === 1) {
    if (own.length > 0 && behind === 0)
      return own.map(({ name, help }) => ({ value: name, ...(help !== undefined && { description: help }) }));
    const inOrder = params.filter(({ positional }) => positional);
    const param = inOrder[behind - (own.length > 0 ? 1 : 0)] ?? inOrder.findLast(({ type }) => type === 'list');
    return param ? paramValues(param, typed, place) : [];
  }
  const arg = command.args[line.operands.length] ?? command.args.findLast(({ variadic }) => variadic);
  if (!arg) return [];
  if (arg.name === 'command') return commands.map(({ name, description }) => ({ value: name, description }));
  return arg.choices ? arg.choices.map((value) => ({ value })) : valuesFor(arg.name, typed, place);
}

const help: OptionShape = { names: ['-h', '--help'], description: 'display help for command' };

/** The playbook, which may stand behind options that belong to it and are not known yet. */
function fileOf({ operands }: Line): string | undefined {
  return operands.find((word) => /\.ya?ml$/.test(word)) ?? operands[0];
}

async function ofOption(
  { option, prefix }: NonNullable<Line['open']>,
  { current }: Line,
  { place, params }: { place: Place; params: readonly ParamDeclaration[] },
): Promise<Suggestion[]> {
  const typed = current.slice(prefix.length);
  const param = params.find(({ name }) => option.names.includes(flagOf(name)));
  const values = param
    ? paramValues(param, typed, place)
    : (option.choices?.map((value) => ({ value })) ?? (await valuesFor(option.value ?? '', typed, place)));
  return values.map((each) => ({ ...each, value: `${prefix}${each.value}` }));
}

/** Short names only as long as nothing but `-` is typed. */
function namesOf({ names, description }: OptionShape, typed: string): Suggestion[] {
  const shown = typed === '-' ? names : names.filter((name) => name.startsWith('--'));
  return shown.map((value) => ({ value, description }));
}

function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

/** The flags of a parameter: `--env`, or `--wait` and `--no-wait`. */
function flagsOf({ name, type, help: about, enum: allowed }: ParamDeclaration): OptionShape[] {
  const description = about ?? (allowed ? allowed.join(', ') : type);
  const flag = flagOf(name);
  if (type !== 'bool') return [{ names: [flag], description, value: type }];
  return [
    { names: [flag], description },
    { names: [`--no-${flag.slice(2)}`], description: `not: ${description}` },
  ];
}
