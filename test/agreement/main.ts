import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ansibleSide } from './ansible-side.ts';
import { compare, isChance } from './compare.ts';
import { apartFromEverywhere, type Compared, judge, readKnown, readLeftOut } from './known.ts';
import { collectPairs, type ModulePairs, strayFiles } from './pairs.ts';
import { playSide } from './play-side.ts';
import { pageOf, summaryOf, tableOf } from './report.ts';
import { play, type Side } from './sides.ts';

/** How many modules Ansible works on at a time. */
const lanes = 2;

/**
 * Gives the same tasks to both and prints in what they differ. With names of modules only those, and nothing is written down.
 * With `--again` nothing is run: what the last run of all has found is held against differences.yml once more.
 * @returns the exit status: 1 when a difference is not listed in differences.yml, or a listed one is gone
 */
export async function main(args: readonly string[], { root, temp }: { root: string; temp: string }): Promise<number> {
  const options = { again: args.includes('--again') };
  const names = args.filter((arg) => !arg.startsWith('--'));
  installAnsible();
  process.umask(0o022);
  const known = readKnown(root);
  const { compared: all, leftOut } = collectPairs(root, { installed: theirModules(), unsafe: readLeftOut(root) });
  const chosen = all.filter(({ module }) => names.length === 0 || names.includes(module));
  const queue = [...chosen];
  const byModule = new Map<string, Compared[]>();
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      byModule.set(next.module, await compareModule(next, temp));
      console.error(`${next.module}: ${next.pairs.length} pairs`);
    }
  };
  const kept = join(root, 'dist/agreement.json');
  const again = options.again ? (JSON.parse(readFileSync(kept, 'utf8')) as Compared[]) : undefined;
  if (again === undefined) await Promise.all(Array.from({ length: lanes }, work));
  const found = again ?? chosen.flatMap(({ module }) => byModule.get(module) ?? []);
  const compared = found.map((one) => ({ ...one, differences: one.differences.filter((each) => !isChance(each)) }));
  if (again === undefined && names.length === 0) {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, JSON.stringify(found));
  }
  const { unexplained, explained, gone } = judge(known, compared);
  const strays = strayFiles(root);

  const explainedOnes = compared.filter(
    (one) => !unexplained.some(({ module, pair }) => module === one.module && pair === one.pair),
  );
  const { rest, everywhere } = apartFromEverywhere(known, explainedOnes);
  console.log(['Explained:', ...everywhere].join('\n'));
  console.log(tableOf(rest));
  console.log(`NOT explained:\n${tableOf(unexplained)}`);
  for (const entry of gone) console.log(`listed in differences.yml and not there any more: ${entry}`);
  for (const name of strays) console.log(`test/agreement/${name}.yml: there is no module ${name}`);
  for (const { module, why } of leftOut) console.log(`left out: ${module}: ${why}`);
  const summary = summaryOf({
    versions: {
      play: execFileSync(process.execPath, [join(root, 'bin/play.js'), '--version'], { encoding: 'utf8' }).trim(),
      'ansible-core': ansibleVersion(),
    },
    compared,
    explained,
    unexplained: unexplained.length,
    gone: gone.length,
  });
  console.log(summary);
  if (names.length === 0) {
    writeFileSync(join(root, 'docs/ansible-differences.md'), pageOf(known, compared, leftOut));
    writeFileSync(join(root, 'test/agreement/last-result.txt'), summary);
  }
  return unexplained.length + gone.length + strays.length > 0 ? 1 : 0;
}

/** Both sides, one after the other: some tasks are about the one system. */
async function compareModule(module: ModulePairs, temp: string): Promise<Compared[]> {
  const ours = await play(playSide, module, temp);
  const theirs = await play(ansibleSide, module, temp);
  const rootOf = (side: Side, i: number): string => join(temp, side.name, module.module, String(i));
  return module.pairs.map(({ name }, i) => ({
    module: module.module,
    pair: name,
    differences: compare(ours[i]!, theirs[i]!, { ours: rootOf(playSide, i), theirs: rootOf(ansibleSide, i) }),
  }));
}

function installAnsible(): void {
  if (spawnSync('ansible-playbook', ['--version']).status === 0) return;
  console.error('installing ansible-core');
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'ansible-core'], { stdio: 'inherit' });
}

/** The modules that Ansible has, with the names of their parameters. */
function theirModules(): Map<string, Set<string>> {
  const doc = (...args: string[]): object =>
    JSON.parse(execFileSync('ansible-doc', ['-t', 'module', '-j', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  const names = Object.keys(doc('-l'));
  const docs = doc(...names) as Record<string, { doc?: { options?: Record<string, { aliases?: string[] }> } }>;
  return new Map(
    names.map((name) => {
      const options = Object.entries(docs[name]?.doc?.options ?? {});
      return [name, new Set(options.flatMap(([option, { aliases = [] }]) => [option, ...aliases]))];
    }),
  );
}

function ansibleVersion(): string {
  return /core ([\d.]+)/.exec(execFileSync('ansible-playbook', ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
}
