import type { Sources } from '../model/span.ts';
import { type Lines, linesOf } from '../problems/lines.ts';

/** Lines of offsets; each file is looked through once. */
export function lineFinder(sources: Sources): (path: string, offset: number) => number {
  const known = new Map<string, Lines>();
  return (path, offset) => {
    const lines = known.get(path) ?? linesOf(sources.get(path) ?? '');
    known.set(path, lines);
    return lines.at(offset).line;
  };
}
