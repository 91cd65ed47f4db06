import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { modules as every } from '../../src/modules/index.gen.ts';
import type { Case } from '../modules/rig/cases.ts';

/** One task that both are given. The cases of the module tests are pairs; those of `<module>.yml` here say only start and task. */
export type Pair = Omit<Case, 'status'>;

/** Everything to compare of one module. */
export interface ModulePairs {
  module: string;
  /** Ansible's name of it. */
  theirs: string;
  pairs: Pair[];
  /** Programs that stand for others, to be found first. */
  bin?: string;
}

/** A module that has pairs and is not compared. */
export interface LeftOut {
  module: string;
  why: string;
}

/** Modules that Ansible keeps in other collections; compared where those are installed. */
const elsewhere: Record<string, string> = {
  archive: 'community.general.archive',
  authorized_key: 'ansible.posix.authorized_key',
  ini_file: 'community.general.ini_file',
  mount: 'ansible.posix.mount',
  sysctl: 'ansible.posix.sysctl',
};

/** Modules whose stand-ins are those that Ansible's module calls too. The others of Ansible's would reach the real system. */
const calledByBoth = new Set(['iptables']);

/**
 * Every pair of modules that both have.
 * @param installed the modules that Ansible has here: full name → its parameters. A task with others is one that only we have.
 * @param unsafe modules that are not to be compared, with the reason
 */
export function collectPairs(
  root: string,
  { installed, unsafe }: { installed: ReadonlyMap<string, ReadonlySet<string>>; unsafe: readonly LeftOut[] },
): { compared: ModulePairs[]; leftOut: LeftOut[] } {
  const compared: ModulePairs[] = [];
  const leftOut: LeftOut[] = [];
  for (const [module, { on }] of Object.entries(every)) {
    const folder = join(root, 'test/modules', module);
    const pairs = [...pairsIn(join(folder, 'cases.yml')), ...pairsIn(join(root, 'test/agreement', `${module}.yml`))];
    if (on !== 'host' || pairs.length === 0) continue;
    const theirs = elsewhere[module] ?? `ansible.builtin.${module}`;
    const known = unsafe.find((entry) => entry.module === module);
    const standIns = existsSync(join(folder, 'bin')) && !calledByBoth.has(module);
    if (known) leftOut.push(known);
    else if (standIns)
      leftOut.push({ module, why: 'its cases have stand-ins for programs that Ansible would not call' });
    else if (!installed.has(theirs)) leftOut.push({ module, why: `Ansible has no ${theirs} here` });
    else {
      const bin = join(folder, 'bin');
      const has = (name: string): boolean => installed.get(theirs)?.has(name) === true;
      const common = pairs.filter(({ task }) => Object.keys(Object.values(task)[0] ?? {}).every(has));
      compared.push({ module, theirs, pairs: common, ...(existsSync(bin) && { bin }) });
    }
  }
  return { compared, leftOut };
}

/** Files with pairs that no module has: a misspelt name would go unnoticed. */
export function strayFiles(root: string): string[] {
  const data = new Set(['differences', 'left-out']);
  return readdirSync(join(root, 'test/agreement'))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => name.slice(0, -'.yml'.length))
    .filter((name) => !data.has(name) && !Object.hasOwn(every, name));
}

function pairsIn(file: string): Pair[] {
  if (!existsSync(file)) return [];
  const pairs = parse(readFileSync(file, 'utf8')) as Pair[];
  return pairs.filter((one) => one.needs !== 'root' || userInfo().uid === 0);
}
