import type { ProbePiece, Resource } from '../model/resource.ts';
import { quote } from './sh.ts';

/** Numbers of the paths that the last batch of a shell looks at, and follows as they change. One a segment and shell. */
export interface ProbeNumbers {
  stats: ReadonlyMap<string, number>;
  sums: ReadonlyMap<string, number>;
  /** The highest number so far: none is used twice. */
  last: number;
}

/** No paths yet. */
export function createProbeNumbers(): ProbeNumbers {
  return { stats: new Map(), sums: new Map(), last: 0 };
}

/** More than this many are not looked at ahead: they might change before their turn comes, and each change asks which of them it was. */
const mostAhead = 64;

/**
 * The function `play_batch` that looks at all files which the probes of these resources name, or '' when there are none. Files that
 * will be looked at later are in it too: new ones only when there is something new to look at anyway. Paths get numbers as they come, and
 * lose them when they are in no batch, since nobody then follows them; `fresh` tells whether one got a number only now.
 */
export function batchOf(
  resources: readonly Resource[],
  ahead: readonly Resource[],
  numbers: ProbeNumbers,
): { text: string; fresh: boolean } {
  const stats = new Map<string, number>();
  const sums = new Map<string, number>();
  let fresh = false;
  const adder =
    (batch: Map<string, number>, known: ReadonlyMap<string, number>, isAhead: boolean) =>
    (path: string): void => {
      // What sha256sum and stat print of such a name depends on the tool.
      if (path.includes('\n')) return;
      let number = batch.get(path) ?? known.get(path);
      if (number === undefined) {
        if (isAhead && (!fresh || batch.size >= mostAhead)) return;
        numbers.last += 1;
        number = numbers.last;
        fresh = true;
      }
      batch.set(path, number);
    };
  for (const [isAhead, list] of [[false, resources] as const, [true, ahead] as const]) {
    const addStat = adder(stats, numbers.stats, isAhead);
    const addSum = adder(sums, numbers.sums, isAhead);
    for (const resource of list) {
      for (const path of statsOf(resource)) addStat(path);
      for (const path of sumsOf(resource)) addSum(path);
    }
  }
  numbers.stats = stats;
  numbers.sums = sums;
  if (stats.size + sums.size === 0) return { text: '', fresh };
  const call = (kind: 'c' | 'h', paths: Map<string, number>): string[] =>
    paths.size === 0
      ? []
      : [`play_many ${kind} ${[...paths].map(([path, number]) => `${number} ${quote(path)}`).join(' ')}`];
  const calls = [...call('c', stats), ...call('h', sums)];
  return { text: `play_batch() {\n${calls.join('\n')}\n}\n`, fresh };
}

/** Paths to `stat`: for probes, but not for a type alone, and of files that are written, which may keep owner and mode. */
function statsOf(resource: Resource): string[] {
  if (resource.kind === 'edit') return [resource.path];
  if (resource.kind !== 'converge') return [];
  const probed = resource.probe.flatMap((piece) => ('stat' in piece && piece.fields.length > 0 ? piece.stat : []));
  return resource.content ? [...probed, resource.content.dest] : probed;
}

function sumsOf(resource: Resource): string[] {
  if (resource.kind === 'edit') return [resource.path];
  return resource.kind === 'converge' ? resource.probe.flatMap((piece) => ('sum' in piece ? piece.sum : [])) : [];
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
    const number = piece.fields.length > 0 ? numbers.stats.get(piece.stat) : 0;
    return `play_st ${number ?? 0} ${quote(piece.stat)} '${piece.fields.join(' ')}'${piece.follow ? ' L' : ''}${piece.untyped ? ' && play_s=${play_s#* }' : ''}`;
  }
  if ('sum' in piece) return `play_sum ${numbers.sums.get(piece.sum) ?? 0} ${quote(piece.sum)}`;
  if ('link' in piece) return `play_link ${quote(piece.link)}`;
  return `play_s=$(LC_ALL=C; export LC_ALL\n${piece.sh.sh}\n)`;
}
