import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Located } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** A folder or package of modules and roles. */
export interface LibraryFolder {
  /** What stands before the names of its modules and roles: `acme` in `acme.widget`. */
  namespace: string;
  dir: string;
}

/** The keyword by which installed packages are found. */
const KEYWORD = 'play-library';

/** The library that a playbook names: a folder (`./lib`, `/srv/lib`), else a package in `node_modules` here or further up. */
export function namedLibrary(
  text: Located<string>,
  playbookDir: string,
  shown: (path: string) => string,
): { library: LibraryFolder } | { problem: Problem } {
  const name = text.value;
  const isPath = /^\.{0,2}\//.test(name) || name === '.' || name === '..';
  const places = isPath ? [resolve(playbookDir, name)] : nodeModules(playbookDir).map((each) => join(each, name));
  const dir = places.find((each) => statSync(each, { throwIfNoEntry: false })?.isDirectory());
  if (dir === undefined) {
    const facts = { name, looked: places.map(shown) };
    return { problem: problem('E_LIBRARY_MISSING', facts, text.locate()) };
  }
  if (!existsSync(join(dir, 'modules')) && !existsSync(join(dir, 'roles')))
    return { problem: problem('E_LIBRARY_EMPTY', { path: shown(dir) }, text.locate()) };
  const namespace = namespaceOf(dir);
  if (!isNamespace(namespace))
    return { problem: problem('E_LIBRARY_NAME', { path: shown(dir), name: namespace }, text.locate()) };
  return { library: { namespace, dir } };
}

/** Installed packages with the keyword `play-library`, the nearest of each name; those that are not called as they must be are left out. */
export function installedLibraries(playbookDir: string): LibraryFolder[] {
  const found = new Map<string, LibraryFolder>();
  for (const folder of nodeModules(playbookDir)) {
    for (const dir of packagesIn(folder)) {
      const { keywords } = packageOf(dir);
      const namespace = Array.isArray(keywords) && keywords.includes(KEYWORD) ? namespaceOf(dir) : '';
      if (isNamespace(namespace) && !found.has(namespace)) found.set(namespace, { namespace, dir });
    }
  }
  return [...found.values()];
}

/** Every `node_modules` from a folder upwards. */
function nodeModules(from: string): string[] {
  const folders: string[] = [];
  for (let dir = from; ; dir = dirname(dir)) {
    const folder = join(dir, 'node_modules');
    if (basename(dir) !== 'node_modules' && existsSync(folder)) folders.push(folder);
    if (dir === dirname(dir)) return folders;
  }
}

function packagesIn(folder: string): string[] {
  return listed(folder).flatMap((name) =>
    name.startsWith('@') ? listed(join(folder, name)).map((each) => join(folder, name, each)) : join(folder, name),
  );
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

/** `play.namespace` of its package.json, else the last part of its name. */
function namespaceOf(dir: string): string {
  const { play } = packageOf(dir);
  const said = typeof play === 'object' && play !== null && 'namespace' in play ? play.namespace : undefined;
  return typeof said === 'string'
    ? said
    : basename(dir)
        .replace(/^play-/, '')
        .replaceAll('-', '_')
        .toLowerCase();
}

function isNamespace(text: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(text);
}

/** A package.json that is missing or cannot be read says nothing. */
function packageOf(dir: string): { keywords?: unknown; play?: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
