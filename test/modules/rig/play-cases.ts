import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Resource } from '../../../src/model/resource.ts';
import { type Case, fillIn, resourceOf } from './cases.ts';
import { type FileState, listing, lookAt, makeFiles } from './files.ts';
import { type Ended, runAll } from './session.ts';

/** The shell that plays cases. */
export interface Shell {
  name: string;
  path: string;
  /** PATH of its sessions, with these programs in it. */
  pathWith(tools: readonly string[]): string;
}

/** How a case went. */
export interface Story {
  root: string;
  resource: Resource;
  before: string[];
  afterCheck: string[];
  found: Record<string, FileState>;
  /** What the commands of `shows` print. */
  shown: Record<string, string>;
  check: Ended;
  run: Ended;
  again: Ended;
  said: string;
}

/** Plays the cases of one module in three sessions of a shell: a check, the run, and the run once more. */
export async function playCases(
  cases: readonly Case[],
  { module, shell, folder }: { module: string; shell: Shell; folder: string },
): Promise<Map<Case, Story>> {
  const bin = fileURLToPath(new URL(`../${module}/bin`, import.meta.url));
  const fakes = join(folder, 'fakes');
  mkdirSync(fakes, { recursive: true });
  const tools = shell.pathWith(cases.flatMap((one) => one.tools ?? []));
  const fake = existsSync(bin) ? `${bin}${delimiter}` : '';
  const path = `${fake}${tools}`;
  const env = { ...process.env, PATH: path, FAKES: fakes };
  const own = { ...env, PATH: `${fake}${process.env['PATH']}` };
  const played = cases.map((one, i) => ({ one, root: join(folder, String(i)) }));
  const started = [];
  for (const { one, root } of played) {
    mkdirSync(root, { recursive: true });
    makeFiles(root, one.start ?? {});
    if (one.given !== undefined) sh(one.given, { root, shell, env: own });
    const resource = await resourceOf(one, root, { shell: shell.name, path });
    started.push({ one, root, resource, before: listing(root) });
  }
  try {
    const resources = started.map(({ resource }) => resource);
    const check = await runAll(shell.path, resources, { check: true, env });
    const afterCheck = started.map(({ root }) => listing(root));
    const run = await runAll(shell.path, resources, { check: false, env });
    const found = started.map(({ one, root }) =>
      Object.fromEntries(Object.entries(one.end ?? {}).map(([file, state]) => [file, lookAt(root, file, state)])),
    );
    const shown = started.map(({ one, root }) =>
      Object.fromEntries(
        Object.keys(one.shows ?? {}).map((command) => [command, sh(command, { root, shell, env: own })]),
      ),
    );
    const again = await runAll(shell.path, resources, { check: false, env });
    return new Map(
      started.map(({ one, ...rest }, i) => [
        one,
        {
          ...rest,
          afterCheck: afterCheck[i]!,
          found: found[i]!,
          shown: shown[i]!,
          check: check.ended[i]!,
          run: run.ended[i]!,
          again: again.ended[i]!,
          said: run.stderr,
        },
      ]),
    );
  } finally {
    for (const { one, root } of played) if (one.cleanup !== undefined) sh(one.cleanup, { root, shell, env: own });
  }
}

/** What shell text prints, run by this machine's own shell with its own tools, and those that stand for others. */
function sh(text: string, { root, shell, env }: { root: string; shell: Shell; env: NodeJS.ProcessEnv }): string {
  const filled = fillIn(text, { root, shell: shell.name }) as string;
  const path = `${env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', filled], {
    cwd: root,
    env: { ...env, PATH: path },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${filled}: exit ${status}: ${stderr}`);
  return stdout.replace(/\n$/, '');
}
