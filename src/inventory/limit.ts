import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { fileReason } from '../util/errno.ts';
import { matchHosts } from './match-hosts.ts';

/** What `--limit` says and what it is said about. */
export interface LimitOptions {
  inventory: Inventory;
  /** A host pattern; a part `@FILE` stands for the lines of that file. */
  limit: string;
  /** Relative files start here. */
  cwd: string;
}

/** The hosts that `--limit` leaves, in the order of the inventory. */
export async function limitHosts({
  inventory,
  limit,
  cwd,
}: LimitOptions): Promise<{ hosts: string[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const parts: string[] = [];
  for (const part of limit.split(',')) {
    const file = /^\s*@(.+?)\s*$/.exec(part)?.[1];
    if (file === undefined) parts.push(part);
    else parts.push(...(await linesOf(file, { cwd, problems })));
  }
  // Without its file a limit would not limit: nothing is left then, and the problem says why.
  if (problems.length > 0) return { hosts: [], problems };
  return matchHosts(inventory, parts.join(','));
}

/** One host or pattern a line; empty lines and `#` lines are passed over. */
async function linesOf(file: string, { cwd, problems }: { cwd: string; problems: Problem[] }): Promise<string[]> {
  try {
    const text = readFileSync(resolve(cwd, file), 'utf8');
    return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  } catch (error) {
    problems.push(problem('E_LIMIT_FILE', { path: file, reason: fileReason(error) }));
    return [];
  }
}
