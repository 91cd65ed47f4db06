import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError, problem } from '../../problems/problem.ts';
import { armored, isEncrypted, encrypt as lockUp } from '../../secrets/age.ts';
import { readRecipients } from '../../secrets/recipients.ts';
import type { Surroundings } from '../surroundings.ts';
import { createSecretDesk, type Desk, type SecretOptions } from './desk.ts';

/** `play secret encrypt FILE…`: FILE.age beside each. With `--value`: what is typed or comes on standard input, as YAML to be pasted. */
export async function encrypt(
  files: readonly string[],
  options: SecretOptions & { recipient: string[]; value?: boolean },
  around: Surroundings,
): Promise<number> {
  const desk = createSecretDesk(options, around);
  if (!options.value && files.length === 0) throw usage('name the files, or give --value to encrypt one value');
  if (options.value && files.length > 0) throw usage('--value takes what is typed or piped in, and no file');
  const recipients = await readRecipients(options.recipient, desk.places, desk.ask);
  if (options.value) {
    const text = await armored(await lockUp(await readValue(desk), { recipients }));
    around.stdout.write(`!secret |\n${text.replace(/^/gm, '  ').trimEnd()}\n`);
    return 0;
  }
  for (const file of files) {
    const plain = desk.read(file);
    const made = `${file}.age`;
    if (isEncrypted(plain))
      throw fault(file, 'it is encrypted already', `to change for whom: play secret rekey ${file}`);
    if (existsSync(resolve(around.cwd, made)))
      throw fault(made, 'it is there already', `remove it first, or change it with: play secret edit ${made}`);
    desk.write(made, await lockUp(plain, { recipients }));
    around.stderr.write(
      `${made} is written; ${file} is still there in plain text: remove it, also from version control\n`,
    );
  }
  return 0;
}

/** A line that is typed or piped in ends without its newline; several lines are kept as they are. */
async function readValue(desk: Desk): Promise<Buffer> {
  const text = desk.ask ? Buffer.from(await desk.ask('Value:')) : await piped();
  const lines = text.toString('latin1').split('\n');
  const value = lines.length === 2 && lines[1] === '' ? text.subarray(0, -1) : text;
  if (value.length === 0) throw usage('the value is empty');
  return value;
}

async function piped(): Promise<Buffer> {
  const { stdin } = await import('node:process');
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function usage(detail: string): ProblemError {
  return new ProblemError(problem('E_USAGE', { detail }));
}

function fault(path: string, what: string, hint: string): ProblemError {
  return new ProblemError(problem('E_SECRET_FILE', { path, fault: what, hint }));
}
