import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counts } from '../src/model/event.ts';
import type { Farm } from './farm.ts';
import { timed } from './measure.ts';

/** What the peers work with. */
export interface Bench {
  root: string;
  /** The start file of play. */
  play: string;
  /** For output and state of the peers. */
  temp: string;
  farm: Farm;
  /** Value for play's --forks; its own choice when undefined. */
  forks: number | undefined;
}

/** One piece of work for all peers: `books/NAME.play.yml`, `.ansible.yml`, `.sh`. */
export interface Job {
  book: string;
  hosts: number;
  /** The host is behind the delay. */
  distant?: boolean;
  vars?: Record<string, string | number>;
  /** Output is too much to be kept. */
  discard?: boolean;
}

/** What play says about itself, in MiB and milliseconds, and what it counted. */
export interface PlayRun {
  ms: number;
  maxRssMiB: number;
  lagP99Ms: number;
  lagMaxMs: number;
  /** Sums over all hosts. */
  counts: Counts;
}

const books = (bench: Bench): string => join(bench.root, 'bench/books');

/** The environment that all peers get: nothing of the person who starts the bench but the path. */
export function environment(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', NO_COLOR: '1' };
}

/** Finds the last event of a run in the journal, wherever in the state directory that is. */
function runEnd(state: string): Record<string, Counts> {
  for (const entry of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('events.jsonl')) continue;
    for (const line of readFileSync(join(state, entry), 'utf8').split('\n')) {
      if (!line.includes('"run-end"')) continue;
      const { counts } = JSON.parse(line);
      if (typeof counts === 'object' && counts !== null) return counts;
    }
  }
  throw new Error('play wrote no end of the run to its journal');
}

/** Runs play once. Throws unless it ends with 0 and every host finished without a failure. */
export async function play(bench: Bench, { book, hosts, distant, vars, discard }: Job): Promise<PlayRun> {
  const { farm, temp, forks } = bench;
  const work = mkdtempSync(join(temp, 'play-'));
  const stats = join(work, 'stats.json');
  const inventory = farm.inventory(hosts, { distant: distant ?? false, vars: vars ?? {} });
  const ms = await timed({
    argv: [
      ...[process.execPath, bench.play, join(books(bench), `${book}.play.yml`), '-i', inventory],
      ...['-o', 'lines', ...(forks === undefined ? [] : ['--forks', String(forks)])],
    ],
    env: { ...environment(farm.home), XDG_STATE_HOME: join(work, 'state'), PLAY_STATS: stats },
    output: join(work, 'output'),
    discard: discard ?? false,
  });
  const byHost = Object.values(runEnd(join(work, 'state')));
  if (byHost.length !== hosts) throw new Error(`play counted ${byHost.length} hosts, not ${hosts}`);
  const counts: Counts = {
    ok: 0,
    changed: 0,
    'would-change': 0,
    unknown: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    cancelled: 0,
  };
  for (const host of byHost) for (const status of keys(counts)) counts[status] += host[status] ?? 0;
  const bad = counts.failed + counts.unreachable + counts.unknown + counts.cancelled;
  if (bad > 0) throw new Error(`play: ${JSON.stringify(counts)}`);
  const { maxRssMiB, lagP99Ms, lagMaxMs } = readStats(stats);
  rmSync(work, { recursive: true });
  return { ms, maxRssMiB, lagP99Ms, lagMaxMs, counts };
}

const keys = <K extends string>(record: Record<K, number>): K[] => Object.keys(record) as K[];

function readStats(file: string): { maxRssMiB: number; lagP99Ms: number; lagMaxMs: number } {
  const { maxRssMiB, lagP99Ms, lagMaxMs } = JSON.parse(readFileSync(file, 'utf8'));
  return { maxRssMiB: Number(maxRssMiB), lagP99Ms: Number(lagP99Ms), lagMaxMs: Number(lagMaxMs) };
}

/** One plain `ssh HOST sh -s` per host with the whole work as one script, 50 at a time. $1 = host, $2 = base, $3 = value of the variable. */
export async function ssh(bench: Bench, { book, hosts, distant, vars, discard }: Job): Promise<number> {
  const { farm } = bench;
  const work = mkdtempSync(join(bench.temp, 'ssh-'));
  const config = farm.sshConfig({ distant: distant ?? false });
  const script = join(books(bench), `${book}.sh`);
  const names = farm.names(hosts);
  const output = join(work, 'output');
  const env = environment(farm.home);
  const values = Object.values(vars ?? {}).map(String);
  let ms: number;
  const [only] = names;
  if (hosts === 1 && only !== undefined) {
    const argv = ['ssh', '-F', config, only, 'sh', '-s', only, farm.base, ...values];
    ms = await timed({ argv, env, stdin: script, output, discard: discard ?? false });
  } else {
    const list = join(work, 'hosts');
    writeFileSync(list, `${names.join('\n')}\n`);
    const each = 'host=$1; shift; exec ssh -F "$CONFIG" "$host" sh -s "$host" "$@" <"$SCRIPT" >"$OUT/$host" 2>&1';
    ms = await timed({
      argv: ['xargs', '-P', '50', '-I', '{}', 'sh', '-c', each, 'sh', '{}', farm.base, ...values],
      env: { ...env, CONFIG: config, SCRIPT: script, OUT: work },
      stdin: list,
      output,
    });
    const silent = names.filter(
      (name) => book === 'commands' && !readFileSync(join(work, name), 'utf8').includes('root:'),
    );
    if (silent.length > 0) throw new Error(`ssh: no result of ${silent.join(', ')}`);
  }
  rmSync(work, { recursive: true });
  return ms;
}

/** ansible-playbook with pipelining, 50 forks, no facts, and connections kept within the run. Gives its wall time and recap. */
export async function ansible(
  bench: Bench,
  { book, hosts, distant, vars }: Job,
): Promise<{ ms: number; changed: number }> {
  const { farm } = bench;
  const work = mkdtempSync(join(bench.temp, 'a-'));
  mkdirSync(join(work, 'cp'));
  const config = join(work, 'ansible.cfg');
  writeFileSync(
    config,
    [
      '[defaults]',
      'forks = 50',
      'gathering = explicit',
      'retry_files_enabled = False',
      'nocows = True',
      // Known beforehand, or it would be looked for on every host.
      'interpreter_python = /usr/bin/python3',
      '[ssh_connection]',
      'pipelining = True',
      `ssh_args = -F ${farm.sshConfig({ distant: distant ?? false })} -o ControlMaster=auto -o ControlPersist=60s`,
      `control_path_dir = ${join(work, 'cp')}`,
      '',
    ].join('\n'),
  );
  const output = join(work, 'output');
  const inventory = farm.inventory(hosts, { distant: distant ?? false, vars: vars ?? {} });
  const ms = await timed({
    argv: ['ansible-playbook', '-i', inventory, join(books(bench), `${book}.ansible.yml`)],
    env: { ...environment(farm.home), ANSIBLE_CONFIG: config },
    output,
  });
  const recap = [...readFileSync(output, 'utf8').matchAll(/ok=(\d+)\s+changed=(\d+)\s+unreachable=0\s+failed=0 /g)];
  if (recap.length !== hosts) throw new Error(`ansible: ${recap.length} of ${hosts} hosts are in the recap`);
  // The control masters would serve the next run, and its connections would cost it nothing.
  await farm.quiet();
  rmSync(work, { recursive: true });
  return { ms, changed: recap.reduce((sum, [, , changed]) => sum + Number(changed), 0) };
}
