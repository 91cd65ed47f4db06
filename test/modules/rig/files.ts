import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** One path of a case. Exactly one of text, directory, link, hard, absent. */
export interface FileState {
  text?: string;
  directory?: true;
  /** Target of a symbolic link. */
  link?: string;
  /** Path in the case's folder of which this is a second name. */
  hard?: string;
  absent?: true;
  /** Four octal digits. */
  mode?: string;
}

/** Makes the files of a case, in their order; directories above them come by themselves. */
export function makeFiles(root: string, files: Record<string, FileState>): void {
  for (const [name, state] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (state.directory) mkdirSync(path, { recursive: true });
    else if (state.link !== undefined) symlinkSync(state.link.replaceAll('$DIR', root), path);
    else if (state.hard !== undefined) linkSync(join(root, state.hard), path);
    else if (!state.absent) writeFileSync(path, state.text ?? '');
    if (state.mode !== undefined) chmodSync(path, Number.parseInt(state.mode, 8));
  }
}

/** What one path is, said like in a case. */
export function lookAt(root: string, name: string, wanted: FileState): FileState {
  const path = join(root, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { absent: true };
  const mode = wanted.mode === undefined ? {} : { mode: (found.mode & 0o7777).toString(8).padStart(4, '0') };
  if (found.isSymbolicLink()) return { link: readlinkSync(path).replaceAll(root, '$DIR') };
  if (found.isDirectory()) return { directory: true, ...mode };
  if (wanted.hard !== undefined) {
    const same = lstatSync(join(root, wanted.hard), { throwIfNoEntry: false })?.ino === found.ino;
    return same ? { hard: wanted.hard } : { text: readFileSync(path, 'utf8') };
  }
  return { text: readFileSync(path, 'utf8'), ...mode };
}

/** Everything below a folder with its type, mode and content, to see whether anything has changed. */
export function listing(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${JSON.stringify(lookAt(root, name, { mode: '' }))}`);
}

/** Files that no case may leave behind: temp files of a write or a link. */
export function leftovers(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.play[-.]/.test(name));
}
