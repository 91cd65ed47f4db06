import type { View } from '../reporters/create.ts';
import type { Surroundings } from './surroundings.ts';

/** Asks a person on the terminal. */
export type Ask = (question: string, options: { echo: boolean }) => Promise<string>;

/** Questions go to standard error, one at a time, and the live view steps aside meanwhile. undefined without a terminal. */
export function createAsk(around: Surroundings, view: () => View | undefined): Ask | undefined {
  if (!around.interactive()) return undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return (question, options) => {
    const turn = queue.then(async () => {
      view()?.suspend?.();
      try {
        return await (options.echo ? askLine(question, around) : askSecret(question, around));
      } finally {
        view()?.resume?.();
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
}

async function askSecret(question: string, around: Surroundings): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return password({ message: question }, { output: around.stderr });
}

async function askLine(question: string, around: Surroundings): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { stdin } = await import('node:process');
  const lines = createInterface({ input: stdin, output: around.stderr });
  try {
    return await lines.question(`${question} `);
  } finally {
    lines.close();
  }
}
