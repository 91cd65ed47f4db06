import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** A program to be timed. */
export interface Command {
  argv: string[];
  env: Record<string, string>;
  /** Working directory. */
  cwd?: string;
  /** File for standard input; empty input when not said. */
  stdin?: string;
  /** File for standard output and standard error. */
  output: string;
  /** Do not keep standard output, for very much of it. */
  discard?: boolean;
  /** How it has to end; 0 when not said. */
  exit?: number;
}

/** Runs a program to its end and gives the wall time in milliseconds. Throws, with the tail of its output, unless it ends as it has to. */
export async function timed({ argv, env, cwd, stdin, output, discard, exit = 0 }: Command): Promise<number> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error('no program to run');
  const input = openSync(stdin ?? '/dev/null', 'r');
  const out = openSync(output, 'w');
  const nothing = openSync('/dev/null', 'w');
  try {
    const start = performance.now();
    const child = spawn(file, args, { env, cwd, stdio: [input, discard ? nothing : out, out] });
    const code = await new Promise<number | string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (status, signal) => resolve(status ?? signal ?? 'lost'));
    });
    const ms = performance.now() - start;
    if (code === exit) return ms;
    const said = readFileSync(output, 'utf8').slice(-3000);
    throw new Error(`${argv.join(' ')} ended with ${code}; it said:\n${said}`);
  } finally {
    for (const fd of [input, out, nothing]) closeSync(fd);
  }
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  if (low === undefined || high === undefined) return Number.NaN;
  return (low + high) / 2;
}

/** Who does the work. */
export type Peer = 'play' | 'ssh' | 'ansible';

/** One way to do the work once; gives one time for each phase. */
export interface Runner {
  peer: Peer;
  /** How often. */
  times: number;
  run(): Promise<number[]>;
}

/** Milliseconds by peer and phase; no entry for a peer that did not run. */
export type Times = Partial<Record<Peer, number[]>>;

/**
 * Lets the runners take turns, each round in the other order, so that a machine that grows slower or faster meets all of them.
 * Gives medians by phase.
 */
export async function interleave(runners: Runner[], note: (text: string) => void): Promise<Times> {
  const runs: Partial<Record<Peer, number[][]>> = {};
  const rounds = Math.max(0, ...runners.map(({ times }) => times));
  for (let round = 0; round < rounds; round++) {
    const turn = runners.filter(({ times }) => round < times);
    if (round % 2 === 1) turn.reverse();
    for (const { peer, run } of turn) {
      const times = await run();
      runs[peer] = [...(runs[peer] ?? []), times];
      note(`${peer} ${times.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
    }
  }
  const times: Times = {};
  for (const { peer } of runners) {
    const all = runs[peer];
    if (all?.[0]) times[peer] = all[0].map((_, phase) => median(all.map((one) => one[phase] ?? Number.NaN)));
  }
  return times;
}
