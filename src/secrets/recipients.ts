import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';
import { isRecipient, recipientOf } from './age.ts';
import { type AskHidden, type IdentityPlaces, readIdentities } from './identities.ts';

/** The public keys of a project, one a line; `#` begins a comment. */
const FILE = '.play-recipients';

/**
 * For whom something is encrypted: the keys and files of keys that are given, else those in the nearest `.play-recipients` of this
 * folder or one above it, else the user's own key. Throws ProblemError for what is no key, and when there is none at all.
 */
export async function readRecipients(
  given: readonly string[],
  places: IdentityPlaces,
  ask?: AskHidden,
): Promise<string[]> {
  if (given.length > 0) return unique((await Promise.all(given.map((text) => keyOrFile(text, places.cwd)))).flat());
  const project = nearest(places.cwd);
  if (project !== undefined) return unique(await keysOf(project));
  const { keys } = await readIdentities(places, ask);
  if (keys.length === 0) throw new ProblemError(problem('E_NO_RECIPIENT', {}));
  return unique(await Promise.all(keys.map(recipientOf)));
}

async function keyOrFile(text: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, text);
  if (!/^(age1|AGE-SECRET-KEY|ssh-)/.test(text) && existsSync(path)) return keysOf(path);
  return [await checked(text, '-r')];
}

async function keysOf(path: string): Promise<string[]> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw new ProblemError(problem('E_SECRET_FILE', { path, fault: 'it holds no public key' }));
  return Promise.all(keys.map((key) => checked(key, path)));
}

async function checked(text: string, where: string): Promise<string> {
  if (await isRecipient(text)) return text;
  throw new ProblemError(problem('E_RECIPIENT', { text, where }));
}

function nearest(folder: string): string | undefined {
  const path = join(folder, FILE);
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(above);
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}
