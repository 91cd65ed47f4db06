import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { ProblemError, problem } from '../problems/problem.ts';

/** The controller's files that tasks use, read once each. */
export interface Files {
  /** `kind` says in which folder beside the playbook a relative path may also stand. Throws ProblemError E_FILE_MISSING. */
  read(path: string, kind: 'files' | 'templates'): Promise<Uint8Array>;
  /** As `read`, for functions, which cannot wait. */
  readNow(path: string, kind: 'files' | 'templates'): Uint8Array;
  /** Where a read file was found, as shown to people. */
  found(path: string, kind: 'files' | 'templates'): string;
  /** sha256 of everything read so far, by path. */
  hashes(): Record<string, string>;
}

/** Files are looked for beside the playbook, then in its `files/` or `templates/`; `~/` is `home`. */
export function createFiles(options: { playbookDir: string; cwd: string; home: string }): Files {
  const read = new Map<string, Uint8Array>();
  const places = new Map<string, string>();
  const contents = new Map<string, Uint8Array>();

  const find = (path: string, kind: 'files' | 'templates'): Uint8Array => {
    const full = path.startsWith('~/') ? join(options.home, path.slice(2)) : path;
    const candidates = isAbsolute(full)
      ? [full]
      : [join(options.playbookDir, full), join(options.playbookDir, kind, full)];
    for (const candidate of candidates) {
      const shown = relative(options.cwd, candidate) || candidate;
      try {
        const bytes = readFileSync(candidate);
        contents.set(shown, bytes);
        places.set(`${kind} ${path}`, shown);
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

  const readNow = (path: string, kind: 'files' | 'templates'): Uint8Array => {
    const key = `${kind} ${path}`;
    const bytes = read.get(key) ?? find(path, kind);
    read.set(key, bytes);
    return bytes;
  };
  return {
    read: async (path, kind) => readNow(path, kind),
    readNow,
    found: (path, kind) => places.get(`${kind} ${path}`) ?? path,
    hashes: () =>
      Object.fromEntries(
        [...contents].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]),
      ),
  };
}
