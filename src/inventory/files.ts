import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SecretSource } from '../model/secret-source.ts';
import type { Located, Sources } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** Reads YAML text into a located value; given by parse/. */
export type ReadYaml = (input: {
  file: string;
  text: string;
  sources: Sources;
  secrets?: SecretSource | undefined;
}) => {
  root?: Located<Value>;
  problems: Problem[];
};

/** What reading files needs, and where it reports. */
export interface Reading {
  cwd: string;
  fileSources: Sources;
  readYaml: ReadYaml;
  /** Gives what stands encrypted in files. */
  secrets?: SecretSource;
  problems: Problem[];
}

/** How a path is named to people and in spans: relative to the working directory when it lies inside. */
export function shownPath(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  const short = relative(cwd, absolute);
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? absolute : short;
}

/** A name in a folder. */
export interface Entry {
  name: string;
  directory: boolean;
  executable: boolean;
}

/** The names in a folder, sorted, links followed; undefined when there is no such folder. */
export function listFolder(path: string): Entry[] | undefined {
  if (!lookAt(path, path)?.directory) return undefined;
  const entries = readdirSync(path)
    .sort()
    .map((name) => lookAt(join(path, name), name));
  return entries.filter((entry) => entry !== undefined);
}

/** What is at a path; undefined when nothing is. */
export function lookAt(path: string, name: string): Entry | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { name, directory: found.isDirectory(), executable: found.isFile() && (found.mode & 0o111) !== 0 };
}

/** The text of a file, or undefined and a problem. */
export async function readText(path: string, reading: Reading): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    reading.problems.push(problem('E_INVENTORY_UNREADABLE', { path: shownPath(path, reading.cwd), reason }));
    return undefined;
  }
}

/** Reads one YAML file; its problems are collected, and what could be read is given back. */
export async function readYamlFile(path: string, reading: Reading): Promise<Located<Value> | undefined> {
  const text = await readText(path, reading);
  if (text === undefined) return undefined;
  const file = shownPath(path, reading.cwd);
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    reading.problems.push(problem('E_INVENTORY_LATER', { path: file, kind: 'vault' }));
    return undefined;
  }
  const { root, problems } = reading.readYaml({ file, text, sources: reading.fileSources, secrets: reading.secrets });
  reading.problems.push(...problems);
  return root;
}
