import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { AgeError, decrypt, isEncrypted } from './age.ts';

/** Asks a person for what must not be seen. */
export type AskHidden = (question: string) => Promise<string>;

/** Where identities may come from. */
export interface IdentityPlaces {
  /** As given with `--identity`: then nothing else is looked at. */
  files: readonly string[];
  env: Record<string, string | undefined>;
  cwd: string;
  home: string;
}

/** Private keys, and where they were found. */
export interface Identities {
  keys: string[];
  places: string[];
  /** An identity file that others can read. */
  warnings: string[];
}

/** Where an identity is kept that is not named: `$XDG_CONFIG_HOME/play/identity`, else below `~/.config`. */
export function defaultIdentity({ env, home }: Pick<IdentityPlaces, 'env' | 'home'>): string {
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'play', 'identity');
}

/**
 * Reads the private keys: of `--identity`, else of PLAY_AGE_IDENTITY (a path, or the key itself), else of the default file.
 * None is no mistake by itself. Throws ProblemError for a file that is named and cannot be read, or holds no key.
 */
export async function readIdentities(places: IdentityPlaces, ask?: AskHidden): Promise<Identities> {
  const found: Identities = { keys: [], places: [], warnings: [] };
  const named = places.env['PLAY_AGE_IDENTITY']?.trim() ?? '';
  if (places.files.length === 0 && named.startsWith('AGE-SECRET-KEY-')) {
    return { ...found, keys: keysIn(named, 'PLAY_AGE_IDENTITY'), places: ['PLAY_AGE_IDENTITY'] };
  }
  const isNamed = places.files.length > 0 || named !== '';
  const files = places.files.length > 0 ? places.files : [named || defaultIdentity(places)];
  for (const file of files) {
    const path = resolve(places.cwd, file.startsWith('~/') ? join(places.home, file.slice(2)) : file);
    const bytes = read(path, isNamed);
    if (!bytes) continue;
    if ((statSync(path).mode & 0o077) !== 0) found.warnings.push(path);
    const text = isEncrypted(bytes) ? await opened(bytes, path, ask) : bytes.toString('utf8');
    found.keys.push(...keysIn(text, path));
    found.places.push(path);
  }
  return found;
}

function read(path: string, isNamed: boolean): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!isNamed && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProblemError(problem('E_IDENTITY_FILE', { path, fault: fileReason(error) }));
  }
}

async function opened(bytes: Buffer, path: string, ask: AskHidden | undefined): Promise<string> {
  if (!ask) throw new ProblemError(problem('E_NO_TERMINAL', { question: `Passphrase for ${path}` }));
  try {
    return Buffer.from(await decrypt(bytes, { passphrase: await ask(`Passphrase for ${path}:`) })).toString('utf8');
  } catch (error) {
    if (error instanceof AgeError) throw new ProblemError(notOpened(error, path));
    throw error;
  }
}

/** The words for something encrypted that cannot be opened. */
export function notOpened(
  { fault, kinds }: AgeError,
  what: string,
  places: readonly string[] = [],
  at?: Problem['at'],
): Problem {
  return problem('E_SECRET_OPEN', { what, fault, kinds, places: [...places] }, at);
}

/** An identity file as age-keygen writes it: comments, and one key a line. Public keys and SSH keys are told apart from mistakes. */
function keysIn(text: string, path: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = keys.find((line) => !/^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/.test(line));
  if (keys.length > 0 && wrong === undefined) return keys;
  const fault = /PRIVATE KEY-----/.test(text)
    ? 'it is an SSH key, and those cannot be used here'
    : wrong?.startsWith('age1')
      ? 'it holds a public key, and the private one is needed'
      : 'it holds no age identity';
  throw new ProblemError(problem('E_IDENTITY_FILE', { path, fault }));
}
