import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Playbook } from '../model/playbook.ts';
import type { Sources } from '../model/span.ts';
import { foldersBeside } from '../parse/library.ts';
import { parsePlaybook } from '../parse/playbook.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { createSecrets } from '../secrets/registry.ts';
import { type KnownModules, knownModules } from './known-modules.ts';
import { openVault } from './open-vault.ts';
import type { Surroundings } from './surroundings.ts';

/** A playbook that is only looked at, without an inventory, and the modules it can use. */
export interface Book {
  known: KnownModules;
  playbook?: Playbook;
  problems: Problem[];
}

/** Reads a playbook to tell about it; without one the folder that play was started in is meant. Throws ProblemError when it cannot be read. */
export async function readBook(file: string | undefined, sources: Sources, around: Surroundings): Promise<Book> {
  const path = file === undefined ? undefined : resolve(around.cwd, file);
  const playbookDir = path === undefined ? around.cwd : dirname(path);
  const known = await knownModules({ playbookDir, cwd: around.cwd, sources });
  const problems = [...known.problems];
  if (path === undefined) return { known, problems };
  const shown = relative(around.cwd, path);
  const name = shown.startsWith('..') ? path : shown;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ProblemError(problem('E_PLAYBOOK_UNREADABLE', { path: name, code, similar: undefined }));
  }
  // Telling what there is needs no secret.
  const secrets = openVault({ identity: [], checksOnly: true }, { around, secrets: createSecrets() });
  const folders = foldersBeside(name, around.cwd);
  const parsed = await parsePlaybook({ file: name, text, sources, ...known, folders, secrets, entry: 'every' });
  problems.push(...parsed.problems);
  return { known, problems, ...(parsed.playbook && { playbook: parsed.playbook }) };
}
