import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Suggestion } from './commands.ts';

/** Files that begin like a path that is typed, and folders, which end in `/`. Hidden ones when the name begins with a dot. */
export function filesLike(typed: string, { cwd, ending = /./ }: { cwd: string; ending?: RegExp }): Suggestion[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const begin = typed.slice(folder.length);
  return entriesOf(resolve(cwd, folder)).flatMap(({ name, directory }) => {
    if (!name.startsWith(begin) || (name.startsWith('.') && begin === '')) return [];
    if (directory) return name === 'node_modules' ? [] : [{ value: `${folder}${name}/` }];
    return ending.test(name) ? [{ value: `${folder}${name}` }] : [];
  });
}

function entriesOf(folder: string): { name: string; directory: boolean }[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => ({
        name,
        directory: statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false,
      }));
  } catch {
    return [];
  }
}
