import type { Status } from '../model/event.ts';
import { plural } from './names.ts';
import type { Style } from './style.ts';
import type { Tally } from './tally.ts';
import { duration } from './times.ts';

/** The whole run in one line: how it ended, on how many hosts, what changed, how long it took. */
export function verdictLine(tally: Tally, style: Style): string {
  const { dot, status: symbol } = style.symbols;
  const hosts = [...tally.counts.values()];
  const total = (status: Status): number => hosts.reduce((sum, counts) => sum + counts[status], 0);
  const how = ending(tally);
  const check = tally.start?.check ?? false;
  const changes = check ? total('would-change') : total('changed');
  const facts = [
    hostsFact(tally, how.status === 'failed' || how.status === 'unreachable'),
    ...changesFact(changes, { check, unknown: total('unknown') }),
    ...(total('unknown') > 0 ? [`${total('unknown')} unknown`] : []),
    ...(tally.end ? [duration(tally.end.ms)] : []),
  ];
  const mark = style.status[how.status](`${symbol[how.status]} ${style.bold(how.word)}`);
  return [mark, ...facts].join(` ${style.dim(dot)} `);
}

/** That nothing changed is said only where that is known of every step. */
function changesFact(changes: number, { check, unknown }: { check: boolean; unknown: number }): string[] {
  const verb = check ? 'would change' : 'changed';
  if (changes > 0) return [`${changes} ${verb}`];
  return unknown > 0 ? [] : [`nothing ${verb}`];
}

function ending({ start, end, troubles }: Tally): { word: string; status: Status } {
  const some = (status: Status): boolean => troubles.some((trouble) => trouble.status === status);
  if (!end) return { word: 'still running', status: 'unknown' };
  if (end.interrupted) return { word: 'interrupted', status: 'cancelled' };
  if (some('failed')) return { word: 'failed', status: 'failed' };
  if (some('unreachable')) return { word: 'unreachable', status: 'unreachable' };
  if (some('unknown')) return { word: 'unknown', status: 'unknown' };
  if (end.exit !== 0 && end.exit !== 10) return { word: `stopped (exit ${end.exit})`, status: 'failed' };
  return { word: start?.check ? 'checked' : 'done', status: 'ok' };
}

function hostsFact({ counts, troubles }: Tally, bad: boolean): string {
  const hit = new Set(troubles.flatMap((trouble) => trouble.hosts));
  return bad && hit.size > 0 ? `${hit.size} of ${plural(counts.size, 'host')}` : plural(counts.size, 'host');
}
