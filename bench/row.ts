import { interleave, type Peer, type Runner, type Times } from './measure.ts';
import type { Bench } from './peers.ts';

/** A bar that a line has to reach, and whether it does. */
export interface Check {
  bar: string;
  /** Undefined when a peer that it needs did not run. */
  value: string | undefined;
  met: boolean | undefined;
}

/** One line of the table. */
export interface Line {
  work: string;
  cells: Partial<Record<Peer, string>>;
  checks: Check[];
  /** Printed below the table. */
  notes?: string[];
}

/** How thorough the bench is, and who takes part. */
export interface Effort {
  quick: boolean;
  peers: ReadonlySet<Peer>;
  note(text: string): void;
}

/** One row of the budget: a piece of work, measured for all peers. */
export interface Row {
  /** The letter for `--rows`. */
  id: string;
  title: string;
  /** How many hosts the farm needs; 0 = none. */
  hosts: number;
  run(bench: Bench, effort: Effort): Promise<Line[]>;
}

/** Seconds above one second, milliseconds below. */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** `value` must not be above `limit`. */
export function atMost(what: string, limit: number, unit: string, value: number | undefined, digits = 2): Check {
  const shown = value === undefined ? undefined : `${value.toFixed(digits)}${unit}`;
  return { bar: `${what} ≤ ${limit}${unit}`, value: shown, met: value === undefined ? undefined : value <= limit };
}

/** `value` must not be below `limit`. */
function atLeast(what: string, limit: number, unit: string, value: number | undefined): Check {
  const shown = value === undefined ? undefined : `${value.toFixed(1)}${unit}`;
  return { bar: `${what} ≥ ${limit}${unit}`, value: shown, met: value === undefined ? undefined : value >= limit };
}

/** `a / b`, or undefined when one of them was not measured. */
export const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;

/** Work that every peer does, in one or more phases. */
export interface Race {
  phases: { work: string; maxOfSsh?: number; minOverAnsible?: number }[];
  times: Record<Peer, number>;
  run: Partial<Record<Peer, () => Promise<number[]>>>;
}

/** Lets the peers race and makes a line of each phase. */
export async function race({ phases, times, run }: Race, { quick, peers, note }: Effort): Promise<Line[]> {
  const runners: Runner[] = [];
  for (const peer of ['ssh', 'play', 'ansible'] as const) {
    const once = run[peer];
    const count = quick ? Math.min(1, times[peer]) : times[peer];
    if (once !== undefined && peers.has(peer) && count > 0) runners.push({ peer, times: count, run: once });
  }
  const measured = await interleave(runners, note);
  return phases.map(({ work, maxOfSsh, minOverAnsible }, phase) => {
    const cells: Line['cells'] = {};
    for (const peer of Object.keys(measured) as (keyof Times)[]) cells[peer] = duration(measured[peer]?.[phase] ?? 0);
    const [mine, floor, other] = [measured.play?.[phase], measured.ssh?.[phase], measured.ansible?.[phase]];
    const checks: Check[] = [];
    if (maxOfSsh !== undefined) checks.push(atMost('of ssh', maxOfSsh, 'x', ratio(mine, floor)));
    if (minOverAnsible !== undefined) checks.push(atLeast('ansible', minOverAnsible, 'x', ratio(other, mine)));
    return { work, cells, checks };
  });
}
