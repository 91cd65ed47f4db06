/** Finds lines in a text by offset. */
export interface Lines {
  /** Line and column count from 1, columns in characters; `start` and `end` are the line's own offsets, its line break left out. */
  at(offset: number): { line: number; column: number; start: number; end: number };
}

/** Indexes a text once. Offsets outside of it are taken as its nearest end. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    at(wanted) {
      const offset = Math.max(0, Math.min(wanted, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      const start = starts[low] ?? 0;
      const next = starts[low + 1];
      let end = next === undefined ? text.length : next - 1;
      if (end > start && text[end - 1] === '\r') end--;
      return { line: low + 1, column: [...text.slice(start, offset)].length + 1, start, end };
    },
  };
}
