import type { Sources, Span } from '../../model/span.ts';
import { type Lines, linesOf } from '../lines.ts';
import { arranged } from '../order.ts';
import { isWarning, type Problem, sentence } from '../problem.ts';

/** A stretch of a file for other programs: lines and columns count from 1, columns in characters; the end column is that after the last one. */
export interface Place {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** A problem for other programs. What has no place in a file has no `place`. */
export interface Finding {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  hint?: string;
  place?: Place;
  related: (Place & { message: string })[];
}

/** All problems in the order in which people read them. */
export function findingsOf(problems: readonly Problem[], sources: Sources): Finding[] {
  const known = new Map<string, Lines>();
  const placeOf = ({ file, start, end }: Span): Place => {
    const lines = known.get(file) ?? linesOf(sources.get(file) ?? '');
    known.set(file, lines);
    const first = lines.at(start);
    const last = lines.at(Math.max(start, end));
    return { file, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
  };
  return arranged(problems, sources).map((one) => {
    const { message, hint } = sentence(one);
    return {
      code: one.code,
      severity: isWarning(one) ? 'warning' : 'error',
      message,
      ...(hint !== undefined && { hint }),
      ...(one.at && { place: placeOf(one.at) }),
      related: (one.also ?? []).map(({ at, label }) => ({ message: label, ...placeOf(at) })),
    };
  });
}
