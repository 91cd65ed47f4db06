import process from 'node:process';
import { CommanderError } from 'commander';
import type { BookHead } from '../params/book-head.ts';
import type { GivenText } from '../params/resolve.ts';
import { ProblemError, problem, sentence } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { commands } from './commands.ts';
import { addOperands, addParamFlags, declaredBy, isTaken, withDashes } from './param-flags.ts';
import { createProgram } from './program.ts';
import { type Surroundings, surroundings } from './surroundings.ts';

const around = surroundings();

/** `play deploy.yml …` means `play run deploy.yml …`; said in full, so that `play deploy.yml --help` tells of the options of a run. */
function inFull(argv: readonly string[]): readonly string[] {
  const [first = '-'] = argv;
  return first.startsWith('-') || ['run', 'help', '__complete', ...commands].includes(first) ? argv : ['run', ...argv];
}

/** Runs the command line and gives the exit code. A user's mistake never shows a stack trace. */
async function main(): Promise<number> {
  let exit = 0;
  const given: GivenText[] = [];
  let declared: BookHead = { commands: [], params: [] };
  let entry: string | undefined;
  const argv = inFull(around.argv);
  const [name = '', ...args] = argv;
  const taken = new Set<string>();
  const play = createProgram({
    around,
    done: (code) => {
      exit = code;
    },
    flags: given,
    entry: () => entry,
    bookCommands: () => declared.commands.map((one) => one.name),
    hasFlag: (param) => declared.params.some((each) => each.name === param) && !taken.has(param),
    meant: ['run', ...commands].find((each) => each === name),
  });
  try {
    if (around.argv.length === 0) {
      around.stderr.write(play.helpInformation());
      return 2;
    }
    const command = play.commands.find((each) => each.name() === name);
    if (command?.registeredArguments[0]?.name() === 'playbook') {
      declared = await declaredBy(command, args, around.cwd);
      for (const each of declared.params) if (isTaken(command, each.name)) taken.add(each.name);
      addParamFlags(command, declared.params, given);
      addOperands(command, declared, {
        flags: given,
        choose: (chosen) => {
          entry = chosen;
        },
      });
    }
    await play.parseAsync([...argv.slice(0, 1), ...withDashes(args, declared.params)], { from: 'user' });
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
