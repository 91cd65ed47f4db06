import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';

/** Where a relative path is looked up. */
export interface Lookup {
  /** The folder beside the playbook, or in the role, in which it may also stand. */
  kind: 'files' | 'templates';
  /** The role from which it is asked for, relative to the working directory: it comes first. */
  folder?: string;
}

/** The controller's files that tasks use, read once each. */
export interface Files {
  /** Throws ProblemError E_FILE_MISSING. */
  read(path: string, lookup: Lookup): Promise<Uint8Array>;
  /** As `read`, for functions, which cannot wait; what is encrypted stays so. */
  readNow(path: string, lookup: Lookup): Uint8Array;
  /** Where a read file was found, as shown to people. */
  found(path: string, lookup: Lookup): string;
  /** The absolute path of the file or folder that is read by this name; undefined: there is none. */
  locate(path: string, lookup: Lookup): string | undefined;
  /** The absolute path of a file that is written by this name: beside the playbook, or in `home` after `~/`. */
  target(path: string): string;
  /** sha256 of everything read so far, by path. */
  hashes(): Record<string, string>;
}

/** Files are looked for in the role that uses them, beside the playbook, then in its `files/` or `templates/`; `~/` is `home`. */
export function createFiles(options: {
  playbookDir: string;
  cwd: string;
  home: string;
  /** Opens a file whose name ends in `.age`. Throws ProblemError. */
  decrypt?(bytes: Uint8Array, shown: string): Promise<Uint8Array>;
}): Files {
  const read = new Map<string, Uint8Array>();
  const places = new Map<string, string>();
  const contents = new Map<string, Uint8Array>();

  const fromHome = (path: string): string => (path.startsWith('~/') ? join(options.home, path.slice(2)) : path);
  const candidatesOf = (path: string, { kind, folder }: Lookup): string[] => {
    const full = fromHome(path);
    if (isAbsolute(full)) return [full];
    const ofRole =
      folder === undefined ? [] : [resolve(options.cwd, folder, kind, full), resolve(options.cwd, folder, full)];
    return [...ofRole, join(options.playbookDir, full), join(options.playbookDir, kind, full)];
  };

  const find = (path: string, { kind, folder }: Lookup): Uint8Array => {
    const candidates = candidatesOf(path, { kind, ...(folder !== undefined && { folder }) });
    for (const candidate of candidates) {
      const shown = relative(options.cwd, candidate) || candidate;
      try {
        const bytes = readFileSync(candidate);
        contents.set(shown, bytes);
        places.set(keyOf(path, { kind, ...(folder !== undefined && { folder }) }), shown);
        return bytes;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EISDIR') throw new ProblemError(problem('E_FILE_IS_DIRECTORY', { path: shown }));
        if (code !== 'ENOENT' && code !== 'ENOTDIR') {
          throw new ProblemError(problem('E_FILE_UNREADABLE', { path: shown, detail: code ?? String(error) }));
        }
      }
    }
    const looked = candidates.map((candidate) => relative(options.cwd, candidate) || candidate);
    throw new ProblemError(problem('E_FILE_MISSING', { path, looked }));
  };

  const readNow = (path: string, lookup: Lookup): Uint8Array => {
    const key = keyOf(path, lookup);
    const bytes = read.get(key) ?? find(path, lookup);
    read.set(key, bytes);
    return bytes;
  };
  return {
    async read(path, lookup) {
      const key = keyOf(path, lookup);
      const known = read.get(key);
      if (known) return known;
      const found = find(path, lookup);
      const { decrypt } = options;
      const bytes = decrypt && path.endsWith('.age') ? await decrypt(found, places.get(key) ?? path) : found;
      read.set(key, bytes);
      return bytes;
    },
    readNow,
    found: (path, lookup) => places.get(keyOf(path, lookup)) ?? path,
    locate: (path, lookup) => candidatesOf(path, lookup).find((candidate) => existsSync(candidate)),
    target: (path) => resolve(options.playbookDir, fromHome(path)),
    hashes: () =>
      Object.fromEntries(
        [...contents].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]),
      ),
  };
}

function keyOf(path: string, { kind, folder = '' }: Lookup): string {
  return `${kind} ${folder} ${path}`;
}
