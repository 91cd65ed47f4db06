import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ProblemError, problem } from '../../problems/problem.ts';
import { armored, encrypt } from '../../secrets/age.ts';
import { readRecipients } from '../../secrets/recipients.ts';
import type { Surroundings } from '../surroundings.ts';
import { createSecretDesk, type SecretOptions } from './desk.ts';

/** `play secret edit FILE`: opens a file in the user's editor, and encrypts it again when it was changed. One that is not there is begun. */
export async function edit(
  file: string,
  options: SecretOptions & { recipient: string[] },
  around: Surroundings,
): Promise<number> {
  const desk = createSecretDesk(options, around);
  const isNew = !existsSync(resolve(around.cwd, file));
  const old = isNew ? Buffer.alloc(0) : desk.read(file);
  const before = isNew ? old : Buffer.from(await desk.open(old, file));
  const recipients = await readRecipients(options.recipient, desk.places, desk.ask);
  const after = await edited(before, { name: basename(file).replace(/\.age$/, ''), around });
  if (after.equals(before)) {
    around.stderr.write(`${file}: nothing changed\n`);
    return 0;
  }
  const made = await encrypt(after, { recipients });
  const isText = old.toString('latin1').startsWith('-----BEGIN');
  desk.write(file, isText ? Buffer.from(await armored(made)) : made);
  around.stderr.write(`${file}: encrypted for ${recipients.length} key${recipients.length === 1 ? '' : 's'}\n`);
  return 0;
}

/** What the editor leaves. The plain text is in memory where there is a file system for that (Linux), in a folder of the user's own, and always removed. */
async function edited(before: Buffer, { name, around }: { name: string; around: Surroundings }): Promise<Buffer> {
  const editor = around.env['VISUAL'] || around.env['EDITOR'] || 'vi';
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'play-'));
  const path = join(folder, name);
  try {
    writeFileSync(path, before, { mode: 0o600 });
    // The editor may come with arguments of its own, as in git's.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    const status = await new Promise<number | null>((done) => {
      child.on('error', () => done(null));
      child.on('exit', done);
    });
    if (status === 0) return readFileSync(path);
    const fault = `the editor (${editor}) ended with ${status ?? 'a signal'}; nothing was changed`;
    throw new ProblemError(problem('E_SECRET_FILE', { path: name, fault, hint: 'EDITOR names another one' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
