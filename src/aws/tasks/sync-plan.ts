import { nameTest } from '../../util/name-pattern.ts';

/** A file or an object, by its path below the folder or the prefix. */
export interface Side {
  path: string;
  size: number;
  modified: Date;
}

/** How two of the same path are told apart: by size and time as `aws s3 sync` does it, by size alone, by content, or not at all. */
export type Strategy = 'date_size' | 'size' | 'checksum' | 'force';

/** What is to be done, by paths. */
export interface SyncPlan {
  copy: string[];
  remove: string[];
}

/**
 * Which paths count: those that fit an `include` and no `exclude`, each a pattern of `*`, `?` and `[…]` over the whole path, in which `*` also
 * stands for `/`, as for the modules of Ansible and the command line tool.
 */
export function chosen(include: readonly string[], exclude: readonly string[]): (path: string) => boolean {
  const [wanted, unwanted] = [include.map(nameTest), exclude.map(nameTest)];
  return (path) => (wanted.length === 0 || wanted.some((test) => test(path))) && !unwanted.some((test) => test(path));
}

/**
 * Compares what is there with what shall be there. `isSame` looks at contents, and is asked only where sizes are equal. A copy is made where
 * sizes differ, or the source is newer; times count in whole seconds, since S3 keeps no more.
 */
export async function planSync(options: {
  from: readonly Side[];
  to: readonly Side[];
  strategy: Strategy;
  remove: boolean;
  isSame(path: string): Promise<boolean>;
}): Promise<SyncPlan> {
  const { from, to, strategy, isSame } = options;
  const there = new Map(to.map((each) => [each.path, each]));
  const copy: string[] = [];
  for (const source of from) {
    const target = there.get(source.path);
    if (!target || strategy === 'force' || source.size !== target.size) copy.push(source.path);
    else if (strategy === 'date_size' && seconds(source.modified) > seconds(target.modified)) copy.push(source.path);
    else if (strategy === 'checksum' && !(await isSame(source.path))) copy.push(source.path);
  }
  const wanted = new Set(from.map(({ path }) => path));
  return { copy, remove: options.remove ? to.flatMap(({ path }) => (wanted.has(path) ? [] : path)) : [] };
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** Why a key cannot become a file below a folder; undefined: it can. */
export function noFile(path: string): string | undefined {
  const parts = path.split('/');
  if (parts.includes('..') || parts.includes('.')) return 'it leads out of the folder';
  return parts.includes('') ? 'a part of its path has no name' : undefined;
}
