import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ProblemError, problem } from '../../problems/problem.ts';
import { newIdentity } from '../../secrets/age.ts';
import { defaultIdentity } from '../../secrets/identities.ts';
import { fileReason } from '../../util/errno.ts';
import type { Surroundings } from '../surroundings.ts';

/** `play secret keygen`: a private key in a file that only its owner reads; prints the public one. A file that is there is never replaced. */
export async function keygen(options: { out?: string }, around: Surroundings): Promise<number> {
  const path = options.out === undefined ? defaultIdentity(around) : resolve(around.cwd, options.out);
  const { identity, recipient } = await newIdentity();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The form of age-keygen, so that `age -i` reads it.
    writeFileSync(path, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new ProblemError(problem('E_IDENTITY_EXISTS', { path }));
    throw new ProblemError(problem('E_SECRET_FILE', { path, fault: `it cannot be written: ${fileReason(error)}` }));
  }
  around.stderr.write(`private key in ${path}: keep a copy of it, nothing opens without it. Its public key:\n`);
  around.stdout.write(`${recipient}\n`);
  return 0;
}
