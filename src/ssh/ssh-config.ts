import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { Directive, Line, Section } from 'ssh-config';
import { ProblemError, problem } from '../problems/problem.ts';
import { matchesPattern } from './host-pattern.ts';

/** One setting of an ssh_config file, with the Host lines it stands under: all of them have to match. */
export interface ConfigLine {
  /** Lower case, as keywords do not mind case. */
  keyword: string;
  words: string[];
  hosts: string[][];
}

/** An ssh_config file with all that it includes, in order. */
export interface SshConfig {
  lines: ConfigLine[];
  /** What is in it and not followed, for people. */
  notes: string[];
}

/** Where to read from. */
export interface ReadConfigOptions {
  home: string;
  /** A missing file is a problem (it was asked for by name) or an empty one. */
  required: boolean;
}

/** OpenSSH's limit on nested Include. */
const deepest = 16;

/**
 * Reads an ssh_config file and its includes (ssh_config(5)). Match blocks are left out with a note: they can run commands.
 * Only the parser of the library is used; its `compute` executes `Match exec`. Throws ProblemError E_SSH_CONFIG.
 */
export async function readSshConfig(file: string, options: ReadConfigOptions): Promise<SshConfig> {
  const config: SshConfig = { lines: [], notes: [] };
  await readInto(config, file, [], options, 0);
  return config;
}

async function readInto(config: SshConfig, file: string, hosts: string[][], options: ReadConfigOptions, depth: number) {
  if (depth > deepest) throw fault(file, `Include is nested more than ${deepest} deep`);
  const { parse } = await import('ssh-config');
  let lines: Line[];
  try {
    lines = parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error) && !(options.required && depth === 0)) return;
    throw fault(file, error instanceof Error ? error.message : String(error));
  }
  await walk(lines, hosts);

  async function walk(section: readonly Line[], within: string[][]): Promise<void> {
    for (const line of section) {
      if (!('param' in line)) continue;
      const keyword = line.param.toLowerCase();
      if (keyword === 'match') addNote(config, `${file}: Match blocks are not followed`);
      else if (keyword === 'host' && isSection(line)) await walk(line.config, [...within, wordsOf(line)]);
      else if (keyword === 'include') await include(wordsOf(line), within);
      else config.lines.push({ keyword, words: wordsOf(line), hosts: within });
    }
  }

  async function include(patterns: string[], within: string[][]): Promise<void> {
    for (const pattern of patterns) {
      const base = expandHome(pattern, options.home);
      const path = isAbsolute(base) ? base : join(depth === 0 ? dirname(file) : join(options.home, '.ssh'), base);
      for (const found of await glob(path)) await readInto(config, found, within, options, depth + 1);
    }
  }
}

function addNote(config: SshConfig, note: string): void {
  if (!config.notes.includes(note)) config.notes.push(note);
}

function isSection(line: Directive): line is Section {
  return 'config' in line;
}

function wordsOf({ value }: Directive): string[] {
  return typeof value === 'string' ? [value] : value.map((word) => word.val);
}

function fault(file: string, detail: string): ProblemError {
  return new ProblemError(problem('E_SSH_CONFIG', { file, detail }));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** `~` and `~/…` at the start of a path. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;
}

/** The files that a path with `*` and `?` stands for, sorted; names with a leading dot only when the pattern has one. */
async function glob(pattern: string): Promise<string[]> {
  let found: string[] = [sep];
  for (const part of pattern.split(sep).filter((part) => part !== '')) {
    const next: string[] = [];
    for (const dir of found) {
      if (!/[*?]/.test(part)) next.push(join(dir, part));
      else {
        const names = await readdir(dir).catch(() => []);
        const visible = names.filter((name) => part.startsWith('.') || !name.startsWith('.'));
        next.push(...visible.filter((name) => matchesPattern(name, part)).map((name) => join(dir, name)));
      }
    }
    found = next;
  }
  return found.sort();
}
