import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProblemError, problem } from '../../problems/problem.ts';
import { AgeError, decrypt, wantsPassphrase } from '../../secrets/age.ts';
import { type AskHidden, type IdentityPlaces, notOpened, readIdentities } from '../../secrets/identities.ts';
import { fileReason } from '../../util/errno.ts';
import { createAsk } from '../ask.ts';
import type { Surroundings } from '../surroundings.ts';

/** What every `play secret` command can be told. */
export interface SecretOptions {
  identity: string[];
}

/** What the commands need of the user: keys, passphrases, files. */
export interface Desk {
  places: IdentityPlaces;
  /** undefined without a terminal. */
  ask: AskHidden | undefined;
  /** Throws ProblemError, as all of these. */
  read(file: string): Buffer;
  /** The whole file or nothing, with the permissions of the one that is replaced, else for the owner alone. */
  write(file: string, bytes: Uint8Array): void;
  /** Opens with the user's identities, or the passphrase that is asked for. */
  open(bytes: Uint8Array, what: string): Promise<Uint8Array>;
}

/** Sets one up for a command. */
export function createSecretDesk(options: SecretOptions, around: Surroundings): Desk {
  const { env, cwd, home } = around;
  const places = { files: options.identity, env, cwd, home };
  const asking = createAsk(around, () => undefined);
  const ask = asking && ((question: string) => asking(question, { echo: false }));
  let identities: ReturnType<typeof readIdentities> | undefined;
  return {
    places,
    ask,
    read(file) {
      try {
        return readFileSync(resolve(cwd, file));
      } catch (error) {
        throw failed(file, 'read', error);
      }
    },
    write(file, bytes) {
      try {
        replace(resolve(cwd, file), bytes);
      } catch (error) {
        throw failed(file, 'written', error);
      }
    },
    async open(bytes, what) {
      try {
        if (await wantsPassphrase(bytes)) {
          if (!ask) throw new ProblemError(problem('E_NO_TERMINAL', { question: `Passphrase for ${what}` }));
          return await decrypt(bytes, { passphrase: await ask(`Passphrase for ${what}:`) });
        }
        identities ??= readIdentities(places, ask);
        return await decrypt(bytes, { identities: (await identities).keys });
      } catch (error) {
        if (error instanceof AgeError) throw new ProblemError(notOpened(error, what, (await identities)?.places));
        throw error;
      }
    },
  };
}

function failed(path: string, done: string, error: unknown): ProblemError {
  return new ProblemError(problem('E_SECRET_FILE', { path, fault: `it cannot be ${done}: ${fileReason(error)}` }));
}

function replace(path: string, bytes: Uint8Array): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  const beside = join(path, '..', `.play-${crypto.randomUUID()}`);
  const fd = openSync(beside, 'wx', (mode ?? 0o600) & 0o777);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, path);
}
