import { readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { type Problem, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import type { AuthorFile } from './place.ts';

/** A module as its folder shows it: nothing of it has been read. */
export type Found = { name: string } & (
  | { kind: 'code'; file: AuthorFile }
  | { kind: 'program'; program: AuthorFile; description: AuthorFile }
  | { kind: 'incomplete'; problem: Problem }
);

/** Names that a module cannot have. */
export interface Taken {
  builtIn(name: string): boolean;
  keyword(name: string): boolean;
}

const CODE = new Set(['.ts', '.mts', '.js', '.mjs']);
/** Files that lie beside modules and are none. */
const BESIDE =
  /^[._]|\.d\.ts$|\.(?:test|spec)\.\w+$|~$|^(?:README|LICENSE)|\.md$|^(?:package|package-lock|tsconfig)\.json$/i;

/**
 * The modules in a folder, by name: `name.ts` or `name.js`, or a program `name` with any ending and its `name.json`. Folders in it and
 * files that begin with `_` are none. A folder that is not there has none.
 */
export function listFolder(options: {
  dir: string;
  shown(path: string): string;
  /** Modules of libraries have a name of their own before theirs, and hide nothing. */
  taken?: Taken;
}): { found: Found[]; problems: Problem[] } {
  const { dir, shown, taken } = options;
  const problems: Problem[] = [];
  const byName = new Map<string, { code: string[]; json?: string; others: string[] }>();
  for (const entry of entriesOf(dir, problems, shown)) {
    const { name, ext } = parse(entry);
    const stem =
      CODE.has(ext) || ext === '.json' ? name : entry.slice(0, entry.indexOf('.') < 0 ? undefined : entry.indexOf('.'));
    const files = byName.get(stem) ?? { code: [], others: [] };
    byName.set(stem, files);
    if (CODE.has(ext)) files.code.push(entry);
    else if (ext === '.json') files.json = entry;
    else files.others.push(entry);
  }
  const file = (name: string): AuthorFile => ({ path: join(dir, name), shown: shown(join(dir, name)) });
  const found: Found[] = [];
  for (const [name, { code, json, others }] of byName) {
    const programs = json === undefined ? others.filter((each) => isExecutable(join(dir, each))) : others;
    const [first, second] = [...code, ...programs];
    const described = first ?? json;
    if (described === undefined) continue;
    const { path, shown: at } = file(described);
    const refuse = (fault: 'characters' | 'built-in' | 'keyword' | 'twice', other?: string): void => {
      problems.push(problem('E_OWN_NAME', { path: at, fault, name, ...(other !== undefined && { other }) }));
    };
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      // Only what is surely meant as a module is worth a word.
      if (code.length > 0 || json !== undefined) refuse('characters', `${spelled(name)}${parse(path).ext}`);
    } else if (taken?.builtIn(name)) refuse('built-in');
    else if (taken?.keyword(name)) refuse('keyword');
    else if (first !== undefined && second !== undefined) refuse('twice', file(second).shown);
    else if (code.length > 0) found.push({ name, kind: 'code', file: file(described) });
    else if (json === undefined || first === undefined) {
      const fault = json === undefined ? 'undescribed' : 'missing';
      found.push({ name, kind: 'incomplete', problem: problem('E_OWN_PROGRAM', { path: at, fault, name }) });
    } else found.push({ name, kind: 'program', program: file(first), description: file(json) });
  }
  return { found: found.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function entriesOf(dir: string, problems: Problem[], shown: (path: string) => string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !BESIDE.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      problems.push(problem('E_OWN_UNREADABLE', { path: shown(dir), reason: fileReason(error) }));
    return [];
  }
}

function isExecutable(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
}

/** A name as it can be. */
function spelled(name: string): string {
  const spelt = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  return /^[a-z]/.test(spelt) ? spelt : `m_${spelt}`;
}
