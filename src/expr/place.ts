import type { Sources, Span } from '../model/span.ts';
import { scalarOffsets } from '../util/scalar-offsets.ts';

/** Turns UTF-16 offsets inside a text into a place in its file. */
export type Place = (start: number, end: number) => Span;

/**
 * Places inside a text that stands at `at`. With the file's source at hand, YAML's quotes, escapes and indentation are looked through;
 * without it the text is taken to stand there as it is.
 */
export function placeIn(text: string, at: Span, sources?: Sources): Place {
  let offsets: number[] | undefined | 'unknown' = 'unknown';
  return (start, end) => {
    const source = sources?.get(at.file);
    if (source === undefined) return { file: at.file, start: at.start + start, end: at.start + Math.max(start, end) };
    if (offsets === 'unknown') offsets = scalarOffsets(source.slice(at.start, at.end), text);
    if (!offsets) return at;
    const last = offsets.length - 1;
    const from = offsets[Math.min(start, last)] ?? 0;
    const to = end > start ? (offsets[Math.min(end, last + 1) - 1] ?? from) + 1 : from;
    return { file: at.file, start: at.start + from, end: at.start + Math.max(from, to) };
  };
}

/** Places inside a part of a text that itself has places. */
export function placeWithin(outer: Place, from: number): Place {
  return (start, end) => outer(from + start, from + end);
}
