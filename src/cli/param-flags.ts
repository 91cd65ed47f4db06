import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ParamDeclaration } from '../model/param.ts';
import { type BookHead, bookHead } from '../params/book-head.ts';
import type { GivenText } from '../params/resolve.ts';
import { addRunOptions } from './options.ts';

/**
 * The commands and parameters that the playbook of a command line declares, read before its options can be. None when there is no such file or
 * it cannot be read: what is wrong with it is told when the playbook itself is read.
 */
export async function declaredBy(command: Command, args: readonly string[], cwd: string): Promise<BookHead> {
  const [file, entry] = operandsOf(command, args);
  const text = file === undefined ? '' : textOf(resolve(cwd, file));
  // Most playbooks have none, and need not be read twice.
  if (!/\b(?:params|commands)["']?\s*:/.test(text)) return { commands: [], params: [] };
  const { readYaml } = await import('../parse/yaml.ts');
  const { root } = readYaml({ file: '', text, sources: new Map() });
  return bookHead(root?.value ?? null, entry);
}

/** The playbook and the word behind it. Options that are wrong are told when they are read for real. */
function operandsOf(command: Command, args: readonly string[]): (string | undefined)[] {
  const [first = '-', second = '-'] = args;
  if (!first.startsWith('-') && !second.startsWith('-')) return [first, second];
  const look = addRunOptions(command.createCommand('look'))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  try {
    const { operands, unknown } = look.parseOptions([...args]);
    const words = [...operands, ...unknown.filter((word) => !word.startsWith('-'))];
    return words.length > 0 ? words : [unknown.find((word) => /\.ya?ml$/.test(word))];
  } catch {
    return first.startsWith('-') ? [] : [first];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The flag of a parameter: `--db-pass` for `db_pass`. */
function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

/** Whether an option of play itself has the flag, so that only `-p` reaches the parameter. */
export function isTaken(command: Command, name: string): boolean {
  const flag = flagOf(name);
  return flag === '--help' || command.options.some(({ long }) => long === flag);
}

/** Gives a command the flags of the parameters. What is typed for them goes to `given`, in order. */
export function addParamFlags(command: Command, declarations: readonly ParamDeclaration[], given: GivenText[]): void {
  const free = declarations.filter(({ name }) => !isTaken(command, name));
  for (const declaration of free) {
    const { name, type } = declaration;
    const flag = flagOf(name);
    const take = (option: Option, textFor: (value: string) => string): void => {
      command.addOption(option.helpGroup('Parameters of the playbook:'));
      command.on(`option:${option.name()}`, (value: string) => given.push({ name, text: textFor(value), from: flag }));
    };
    if (type !== 'bool') take(new Option(`${flag} <${type}>`, about(declaration)), (value) => value);
    else {
      take(new Option(flag, about(declaration)), () => 'true');
      take(new Option(`--no-${flag.slice(2)}`).hideHelp(), () => 'false');
    }
  }
}

/** What the words behind a playbook were found to say. */
export interface Behind {
  flags: GivenText[];
  /** Says which command of the playbook is meant. */
  choose(entry: string | undefined): void;
}

/** Gives a command the words that may stand behind the playbook: one of its commands, and what is given by its place. */
export function addOperands(command: Command, { commands, params }: BookHead, { flags, choose }: Behind): void {
  const inOrder = params.filter(({ positional }) => positional);
  if (commands.length > 0) {
    command.argument('[command]', 'what the playbook is to do');
    const width = Math.max(...commands.map(({ name }) => name.length));
    const lines = commands.map(({ name, help = '' }) => `  ${name.padEnd(width)}  ${help}`.trimEnd());
    command.addHelpText('after', `\nCommands of the playbook:\n${lines.join('\n')}`);
  }
  for (const each of inOrder)
    command.argument(each.type === 'list' ? `[${each.name}...]` : `[${each.name}]`, about(each));
  if (commands.length + inOrder.length === 0) return;
  command.hook('preAction', (_, { processedArgs: [, ...words] }) => {
    if (commands.length > 0) choose(words.shift());
    for (const [i, { name }] of inOrder.entries()) {
      const word = words[i];
      const text = Array.isArray(word) ? word.length > 0 && JSON.stringify(word) : word;
      if (typeof text === 'string') flags.push({ name, text, from: name });
    }
  });
}

/** `db_pass` may be typed as it is declared. */
export function withDashes(args: readonly string[], declarations: readonly ParamDeclaration[]): string[] {
  const names = new Map(declarations.map(({ name }) => [name, flagOf(name)]));
  return args.map((word) => {
    const [, no = '', name = '', rest = ''] = /^--(no-)?([^=]+)(.*)$/s.exec(word) ?? [];
    const flag = names.get(name);
    return flag === undefined ? word : `--${no}${flag.slice(2)}${rest}`;
  });
}

function about({ help, required, default: preset, enum: allowed, env, secret, type }: ParamDeclaration): string {
  const facts = [
    allowed && `one of ${allowed.join(', ')}`,
    required && 'required',
    preset !== undefined && `default: ${secret ? '***' : JSON.stringify(preset)}`,
    type === 'bool' && '--no-… for false',
    env !== undefined && `env: ${env}`,
  ].filter((fact) => typeof fact === 'string');
  return [help, facts.length > 0 && `(${facts.join('; ')})`].filter(Boolean).join(' ');
}
