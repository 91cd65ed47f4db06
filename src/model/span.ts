/** A stretch of one source file, as UTF-16 offsets; rides on every node to the end, so that a failure on host 7 can underline line 31. */
export interface Span {
  file: string;
  start: number;
  end: number;
}

/** Where in a mapping entry a span points: at its key or at its value. */
export type Side = 'key' | 'value';

/**
 * A value that came from a file and can say where each part of it stands.
 * `locate(['mode'])` is the span of the value at that path, `locate(['mode'], 'key')` of its key;
 * a path that does not exist gives the nearest ancestor that does.
 */
export interface Located<T> {
  value: T;
  locate(path?: readonly (string | number)[], side?: Side): Span;
}

/** The text of every file that was read, by the name used in spans. Filled while parsing, read when a problem is printed. */
export type Sources = Map<string, string>;
