import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, utimesSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Fields } from '../../src/model/value.ts';
import { fillIn } from '../modules/rig/cases.ts';
import { makeFiles } from '../modules/rig/files.ts';
import type { ModulePairs, Pair } from './pairs.ts';
import { changesSince, type Tree, treeOf } from './tree.ts';

/** How one side ended a task. */
export interface Ended {
  status: 'ok' | 'changed' | 'failed';
  /** What `register` holds. */
  fields: Fields;
  /** Why it failed, for people. */
  message: string;
}

/** What one side made of a pair. */
export interface Story extends Ended {
  tree: Tree;
  /** What the commands of `shows` print. */
  shown: Record<string, string>;
}

/** Who runs the tasks of a module. `$SHELL` in pairs becomes the name, which keeps apart what both do to the one system; it is no word. */
export interface Side {
  name: 'agreea' | 'agreeb';
  run(tasks: readonly Task[], about: { module: ModulePairs; folder: string; env: NodeJS.ProcessEnv }): Promise<Ended[]>;
}

/** A pair with the folder that is its `$DIR`. */
export interface Task {
  pair: Pair;
  root: string;
}

/** Makes every start state, has the side run all tasks, and looks at what is there then. */
export async function play(side: Side, module: ModulePairs, base: string): Promise<Story[]> {
  const folder = join(base, side.name, module.module);
  const fakes = join(folder, 'fakes');
  const home = join(folder, 'home');
  for (const made of [fakes, home]) mkdirSync(made, { recursive: true });
  const path = `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`;
  const env = {
    ...process.env,
    PATH: module.bin === undefined ? path : `${module.bin}${delimiter}${path}`,
    FAKES: fakes,
    HOME: home,
  };
  const tasks = module.pairs.map((pair, i) => ({ pair, root: join(folder, String(i)) }));
  const told = { side, env };
  const started: Tree[] = [];
  try {
    for (const { pair, root } of tasks) {
      mkdirSync(root, { recursive: true });
      makeFiles(root, pair.start ?? {});
      age(root, Object.keys(pair.start ?? {}));
      if (pair.given !== undefined) {
        const said = shell(pair.given, { root, ...told });
        if (said.startsWith('exit ')) throw new Error(`${pair.name}: the start state could not be made: ${said}`);
      }
      started.push(treeOf(root));
    }
    const ended = await side.run(tasks, { module, folder, env });
    return tasks.map(({ pair, root }, i) => ({
      ...ended[i]!,
      tree: changesSince(started[i]!, treeOf(root)),
      shown: Object.fromEntries(
        Object.keys(pair.shows ?? {}).map((command) => [command, shell(command, { root, ...told })]),
      ),
    }));
  } finally {
    for (const { pair, root } of tasks) if (pair.cleanup !== undefined) shell(pair.cleanup, { root, ...told });
  }
}

function shell(text: string, { root, side, env }: { root: string; side: Side; env: NodeJS.ProcessEnv }): string {
  const filled = fillIn(text, { root, shell: side.name }) as string;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', filled], { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) return `exit ${status}: ${stderr}`;
  return stdout.replace(/\n$/, '');
}

/** Gives each file of the start a time of its own, long ago, so that files which change places can be told apart. */
function age(root: string, names: readonly string[]): void {
  for (const [i, name] of names.entries()) {
    if (lstatSync(join(root, name), { throwIfNoEntry: false })?.isFile()) {
      utimesSync(join(root, name), 1_000_000_000, 1_000_000_000 + i);
    }
  }
}
