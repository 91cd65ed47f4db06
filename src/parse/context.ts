import type { Module, Modules } from '../model/module.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import { type SecretSource, UNOPENED } from '../model/secret-source.ts';
import type { Located, Sources, Span } from '../model/span.ts';
import type { Fields, Value } from '../model/value.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Code, FactsOf } from '../problems/words/index.ts';
import type { Folders } from './library.ts';

/** Checks the parameters of one module; empty = they fit. */
export type Validate = (module: Module, params: unknown) => Promise<SchemaIssue[]>;

/** Modules of libraries, asked for only where a playbook speaks of them. */
export interface LibrarySource {
  /** Those that the playbook names under `libraries`. */
  named(texts: readonly Located<string>[]): Promise<{ modules: Modules; problems: Problem[] }>;
  /** Those that are installed. */
  installed(): Promise<{ modules: Modules; problems: Problem[] }>;
  /** The own modules of the role in this folder. */
  ofRole(dir: string): Promise<{ modules: Modules; problems: Problem[] }>;
  /** Where the library that is called so has its roles; undefined: there is none. */
  rolesFolder(namespace: string): Promise<string | undefined>;
  /** Roles of all libraries, by their full names. */
  roleNames(): Promise<string[]>;
}

/** What parsing one playbook carries along. */
export interface Context {
  /** The file that is being read, by its name in messages and spans. */
  file: string;
  sources: Sources;
  /** By YAML key. Those of installed libraries join when a task names one. */
  modules: Modules;
  libraries?: LibrarySource;
  validate: Validate;
  problems: Problem[];
  folders: Folders;
  /** Gives what stands encrypted in the files. */
  secrets?: SecretSource | undefined;
  /** The folder of the role that is being read. */
  role?: string;
  /** The files and roles that are being read, each used by the one before. */
  stack: readonly string[];
}

/** Adds a problem and gives nothing, so that a reader can `return report(…)`. */
export function report<C extends Code>(
  context: Context,
  code: C,
  facts: FactsOf<C>,
  at: Span,
  also?: Problem['also'],
): undefined {
  context.problems.push(problem(code, facts, at, also));
}

/** True for a mapping. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for text that is rendered before it is used, so that nothing can be said about it yet. */
export function isTemplate(value: Value | undefined): value is string {
  return typeof value === 'string' && value.includes('{{');
}

/** True for what only a run knows, and for a secret that is not opened: nothing can be said about it yet. */
export function isUnknown(value: Value | undefined): boolean {
  return value === UNOPENED || isTemplate(value);
}

/** A mapping whose entries are read one by one. */
export type Entries = Located<Fields>;
