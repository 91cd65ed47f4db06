import type { Command, Option } from 'commander';
import type { CommandShape, OptionShape } from '../completion/commands.ts';
import { suggest } from '../completion/suggest.ts';
import { stateDirectory } from '../journal/paths.ts';
import bash from './completion/bash.sh';
import fish from './completion/fish.sh';
import zsh from './completion/zsh.sh';
import type { Surroundings } from './surroundings.ts';

const scripts = { bash, fish, zsh };

/** `play completion SHELL`: a script that has the shell ask `play __complete` for words. */
export function completion(shell: keyof typeof scripts, { stdout }: Surroundings): number {
  stdout.write(scripts[shell]);
  return 0;
}

/**
 * `play __complete WORDS…`: what may be typed for the last word, a line each: the word, a tab, what it is for. All shells ask this way.
 * Never says what is wrong: nobody wants to read it in the middle of a command line.
 */
export async function complete(words: readonly string[], program: Command, around: Surroundings): Promise<number> {
  const { stdout, cwd, env, home } = around;
  const visible = program.createHelp().visibleCommands(program);
  const found = await suggest({
    words,
    commands: visible.map(commandShape),
    general: program.options.map(optionShape),
    cwd,
    stateDir: stateDirectory(env, home),
  }).catch(() => []);
  const lines = found.map(({ value, description = '' }) => `${value}\t${description.replaceAll(/\s+/g, ' ')}\n`);
  stdout.write(lines.join(''));
  return 0;
}

function commandShape(command: Command): CommandShape {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.filter(({ hidden }) => !hidden).map(optionShape),
    args: command.registeredArguments.map((arg) => ({
      name: arg.name(),
      variadic: arg.variadic,
      ...(arg.argChoices && { choices: arg.argChoices }),
    })),
  };
}

function optionShape({ short, long, flags, description, argChoices }: Option): OptionShape {
  const [, value] = /[<[](.+)[>\]]$/.exec(flags) ?? [];
  return {
    names: [short, long].filter((name) => typeof name === 'string'),
    description,
    ...(value !== undefined && { value }),
    ...(argChoices && { choices: argChoices }),
  };
}
