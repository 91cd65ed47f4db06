import type { ProbePiece, Resource } from '../model/resource.ts';
import { quote } from './sh.ts';

/** Numbers of the paths that one `stat` and one `sha256sum` look at for many steps. One a segment and shell. */
export interface ProbeNumbers {
  stats: Map<string, number>;
  sums: Map<string, number>;
}

/** No paths yet. */
export function createProbeNumbers(): ProbeNumbers {
  return { stats: new Map(), sums: new Map() };
}

/** More than this many are not looked at ahead: they might change before their turn comes. */
const mostAhead = 200;

/**
 * The function `play_batch` that looks at all files which the probes of these resources name, or '' when there are none.
 * Paths get numbers as they come; `fresh` tells whether one got a number only now.
 */
export function batchOf(resources: readonly Resource[], numbers: ProbeNumbers): { text: string; fresh: boolean } {
  const stats = new Map<string, number>();
  const sums = new Map<string, number>();
  let fresh = false;
  const add = (batch: Map<string, number>, known: Map<string, number>, path: string): void => {
    // What sha256sum and stat print of such a name depends on the tool.
    if (path.includes('\n') || batch.size === mostAhead) return;
    let number = known.get(path);
    if (number === undefined) {
      number = known.size + 1;
      known.set(path, number);
      fresh = true;
    }
    batch.set(path, number);
  };
  for (const resource of resources) {
    if (resource.kind === 'edit') add(sums, numbers.sums, resource.path);
    if (resource.kind !== 'converge') continue;
    for (const piece of resource.probe) {
      if ('stat' in piece && isBatched(piece)) add(stats, numbers.stats, piece.stat);
      else if ('sum' in piece) add(sums, numbers.sums, piece.sum);
    }
  }
  if (stats.size + sums.size === 0) return { text: '', fresh };
  const call = (kind: 'c' | 'h', paths: Map<string, number>): string[] =>
    paths.size === 0
      ? []
      : [`play_many ${kind} ${[...paths].map(([path, number]) => `${number} ${quote(path)}`).join(' ')}`];
  const calls = [...call('c', stats), ...call('h', sums)];
  return { text: `play_batch() {\n${calls.join('\n')}\n}\n`, fresh };
}

/** A link's target is somewhere else, and a type alone needs no `stat`. */
function isBatched(piece: Extract<ProbePiece, { stat: string }>): boolean {
  return !piece.follow && piece.fields.length > 0;
}

/** The body of `play_p`: gathers the lines of all pieces in play_o. */
export function probeBody(pieces: readonly ProbePiece[], numbers: ProbeNumbers): string {
  const lines = ['play_o='];
  pieces.forEach((piece, i) => {
    lines.push(`${probeCall(piece, numbers)} || return`);
    lines.push(i === 0 ? 'play_o=$play_s' : 'play_o=$play_o$play_nl$play_s');
  });
  return lines.join('\n');
}

function probeCall(piece: ProbePiece, numbers: ProbeNumbers): string {
  if ('stat' in piece) {
    const number = isBatched(piece) ? numbers.stats.get(piece.stat) : 0;
    return `play_st ${number ?? 0} ${quote(piece.stat)} '${piece.fields.join(' ')}'${piece.follow ? ' L' : ''}`;
  }
  if ('sum' in piece) return `play_sum ${numbers.sums.get(piece.sum) ?? 0} ${quote(piece.sum)}`;
  if ('link' in piece) return `play_link ${quote(piece.link)}`;
  return `play_s=$(LC_ALL=C; export LC_ALL\n${piece.sh.sh}\n)`;
}
