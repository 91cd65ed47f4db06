import { ProblemError, problem } from '../../problems/problem.ts';
import { armored, encrypt, isEncrypted } from '../../secrets/age.ts';
import { armorBlocks, withBlocks } from '../../secrets/armor-blocks.ts';
import { readRecipients } from '../../secrets/recipients.ts';
import type { Surroundings } from '../surroundings.ts';
import { createSecretDesk, type Desk, type SecretOptions } from './desk.ts';

/** A file made anew, and what of it. */
interface Made {
  bytes: Uint8Array;
  what: string;
}

/** `play secret rekey FILE…`: the same plain text for other recipients: of whole files, and of the `!secret` values inside a YAML file. All files, or none. */
export async function rekey(
  files: readonly string[],
  options: SecretOptions & { recipient: string[] },
  around: Surroundings,
): Promise<number> {
  const desk = createSecretDesk(options, around);
  const recipients = await readRecipients(options.recipient, desk.places, desk.ask);
  const done: (Made & { file: string })[] = [];
  for (const file of files) {
    const before = desk.read(file);
    const job = { desk, file, recipients };
    done.push({ file, ...(isEncrypted(before) ? await wholeFile(before, job) : await values(before, job)) });
  }
  for (const { file, bytes } of done) desk.write(file, bytes);
  const keys = `${recipients.length} key${recipients.length === 1 ? '' : 's'}`;
  for (const { file, what } of done) around.stderr.write(`${file}: ${what} encrypted for ${keys}\n`);
  return 0;
}

interface Job {
  desk: Desk;
  file: string;
  recipients: readonly string[];
}

async function wholeFile(before: Buffer, { desk, file, recipients }: Job): Promise<Made> {
  const made = await encrypt(await desk.open(before, file), { recipients });
  const isText = before.toString('latin1').trimStart().startsWith('-----BEGIN');
  return { bytes: isText ? Buffer.from(await armored(made)) : made, what: 'the file' };
}

async function values(before: Buffer, { desk, file, recipients }: Job): Promise<Made> {
  // One byte, one character, so that everything else stays as it is.
  const text = before.toString('latin1');
  const blocks = armorBlocks(text);
  if (blocks.length === 0) {
    const fault = 'it is not encrypted, and holds no !secret value written as a block of lines';
    throw new ProblemError(problem('E_SECRET_FILE', { path: file, fault }));
  }
  const made: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const plain = await desk.open(Buffer.from(block.armored), `value ${index + 1} of ${file}`);
    made.push(await armored(await encrypt(plain, { recipients })));
  }
  const bytes = Buffer.from(withBlocks(text, blocks, made), 'latin1');
  return { bytes, what: `${blocks.length} value${blocks.length === 1 ? '' : 's'}` };
}
