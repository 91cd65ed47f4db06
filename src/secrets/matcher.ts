/** A stretch of bytes, end excluded. */
export interface Stretch {
  start: number;
  end: number;
}

/** Finds many texts at once, in bytes. */
export interface Matcher {
  /** One more text to look for; of less than LEAST_BYTES none is. */
  add(text: Uint8Array): void;
  /** Where any of them stands; stretches that overlap or touch are one. In order. */
  find(bytes: Uint8Array): Stretch[];
  /** Where the end of the bytes may be the beginning of one of them, `upTo` a place; that place when it is not. */
  open(bytes: Uint8Array, upTo?: number): number;
}

/** Bytes of the shortest text that is looked for. */
export const LEAST_BYTES = 4;

/**
 * Wu and Manber's search (1994) over pairs of bytes: where the last pair of a window of four begins none of the texts, the window moves
 * on by up to three bytes. Candidates are compared in full, longest first.
 */
export function createMatcher(): Matcher {
  const shift = new Uint8Array(65_536).fill(3);
  const firsts = new Uint8Array(256);
  const pairs = new Uint8Array(65_536);
  const candidates = new Map<number, Uint8Array[]>();
  const patterns: Uint8Array[] = [];
  let isSorted = true;
  let longest = 0;

  const add = (pattern: Uint8Array): void => {
    if (pattern.length < LEAST_BYTES) return;
    patterns.push(pattern);
    isSorted = false;
    longest = Math.max(longest, pattern.length);
    firsts[pattern[0]!] = 1;
    pairs[pair(pattern, 0)] = 1;
    for (const at of [0, 1, 2]) shift[pair(pattern, at)] = Math.min(shift[pair(pattern, at)]!, 2 - at);
    const list = [...(candidates.get(head(pattern, 0)) ?? []), pattern];
    candidates.set(
      head(pattern, 0),
      list.sort((a, b) => b.length - a.length),
    );
  };

  const find = (bytes: Uint8Array): Stretch[] => {
    const found: Stretch[] = [];
    const last = bytes.length - LEAST_BYTES;
    for (let at = 0; at <= last; ) {
      const step = shift[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
      if (step > 0) {
        at += step;
        continue;
      }
      const length = pairs[pair(bytes, at)] === 1 ? lengthAt(bytes, at) : 0;
      if (length > 0) join(found, { start: at, end: at + length });
      at += 1;
    }
    return found;
  };

  const lengthAt = (bytes: Uint8Array, at: number): number => {
    for (const pattern of candidates.get(head(bytes, at)) ?? []) {
      if (startsWith(bytes, at, pattern)) return pattern.length;
    }
    return 0;
  };

  const open = (bytes: Uint8Array, upTo = bytes.length): number => {
    if (!isSorted) patterns.sort(Buffer.compare);
    isSorted = true;
    for (let at = Math.max(0, upTo - longest + 1); at < upTo; at++) {
      if (firsts[bytes[at]!] !== 1 || (at + 1 < upTo && pairs[pair(bytes, at)] !== 1)) continue;
      if (beginsOne(bytes.subarray(at, upTo))) return at;
    }
    return upTo;
  };

  /** The first pattern that is not smaller than the rest begins with it, if any does. */
  const beginsOne = (rest: Uint8Array): boolean => {
    let [low, high] = [0, patterns.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(patterns[middle]!, rest) < 0) low = middle + 1;
      else high = middle;
    }
    const nearest = patterns[low];
    if (nearest && nearest.length === rest.length) {
      const next = patterns[low + 1];
      return next !== undefined && startsWith(next, 0, rest);
    }
    return nearest !== undefined && startsWith(nearest, 0, rest);
  };

  return { add, find, open };
}

function pair(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function head(bytes: Uint8Array, at: number): number {
  return pair(bytes, at) | (pair(bytes, at + 2) << 16);
}

function startsWith(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  if (at + part.length > bytes.length) return false;
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
}

/** Starts come in order; the last stretch grows where it can. */
function join(found: Stretch[], next: Stretch): void {
  const before = found.at(-1);
  if (before && next.start <= before.end) before.end = Math.max(before.end, next.end);
  else found.push(next);
}
