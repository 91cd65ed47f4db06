import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Located } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { problem } from '../problems/problem.ts';
import { literalPattern } from '../util/literal-pattern.ts';
import type { Context } from './context.ts';
import { readEncryptedYaml } from './encrypted.ts';
import { readYaml } from './yaml.ts';

/** Where the files of a playbook are: paths in messages are relative to `cwd`. */
export interface Folders {
  cwd: string;
  /** Folders in which roles are looked for by name, the first that has it wins; relative to `cwd`. */
  roles: readonly string[];
}

/** The folders of a playbook that stands here and has no libraries. */
export function foldersBeside(file: string, cwd: string): Folders {
  return { cwd, roles: [join(dirname(file), 'roles')] };
}

/** Reads a YAML file whose path is relative to `cwd`; what is wrong with it becomes problems. Undefined when there is none or it is broken. */
export function loadYaml(
  context: Pick<Context, 'folders' | 'sources' | 'problems' | 'secrets'>,
  path: string,
): Located<Value> | undefined {
  const { folders, sources, problems, secrets } = context;
  const full = resolve(folders.cwd, path);
  if (path.endsWith('.age'))
    return secrets && readEncryptedYaml(secrets, { path: full, shown: path, sources, problems });
  let text: string;
  try {
    text = readFileSync(full, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code !== 'ENOENT') problems.push(problem('E_FILE_UNREADABLE', { path, detail: code }));
    return undefined;
  }
  const read = readYaml({ file: path, text, sources, secrets });
  problems.push(...read.problems);
  return read.root;
}

/** Whether there is a file (or a folder) here. */
export function isThere({ cwd }: Folders, path: string, kind: 'file' | 'folder' = 'file'): boolean {
  const stat = statSync(resolve(cwd, path), { throwIfNoEntry: false });
  return kind === 'file' ? (stat?.isFile() ?? false) : (stat?.isDirectory() ?? false);
}

/** Names in a folder, sorted; none when it is not there. */
export function namesIn({ cwd }: Folders, folder: string): string[] {
  try {
    return readdirSync(resolve(cwd, folder)).sort();
  } catch {
    return [];
  }
}

/**
 * Names below a folder that a text with templates may mean: what stands in braces may be anything within one part of the path.
 * Gives them as the author would write them.
 */
export function candidates(folders: Folders, base: string, text: string): string[] {
  const parts = text.replaceAll(/\{\{.*?\}\}/gs, '\u0000').split('/');
  let found = [''];
  for (const part of parts) {
    const pattern = new RegExp(`^${part.split('\u0000').map(literalPattern).join('.*')}$`, 's');
    found = found.flatMap((before) =>
      part.includes('\u0000')
        ? namesIn(folders, join(base, before))
            .filter((name) => pattern.test(name))
            .map((name) => `${before}${name}/`)
        : [`${before}${part}/`],
    );
  }
  return found.map((path) => path.slice(0, -1));
}
