import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths of a folder's TypeScript files, relative to the project; generated ones left out. */
export function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('.gen.'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** A file's text. */
export function textOf(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** Prints what was found, one a line, and sets the exit status. */
export function report(what, findings) {
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${what}: fine`);
}
