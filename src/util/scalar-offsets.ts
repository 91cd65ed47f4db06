/**
 * Where each character of a YAML scalar's value stands in its source, quotes, escapes, folding and indentation taken into account.
 * `source` is the scalar as written, from its quote or block header on. The answer has one entry more than `text` has UTF-16 units;
 * undefined when the two do not belong together.
 */
export function scalarOffsets(source: string, text: string): number[] | undefined {
  if (source === text) return Array.from({ length: text.length + 1 }, (_, i) => i);
  const style = source[0] ?? '';
  if (style === '|' || style === '>') return blockOffsets(source, text);
  return flowOffsets(source, text, style);
}

/** Quoted and plain scalars: a line break and the white space around it stand for one space, or for the blank lines in between. */
function flowOffsets(source: string, text: string, style: string): number[] | undefined {
  const offsets: number[] = [];
  const fold = /[ \t]*(?:\r?\n[ \t]*)+/y;
  let from = style === '"' || style === "'" ? 1 : 0;
  while (offsets.length < text.length) {
    fold.lastIndex = from;
    const folded = fold.exec(source)?.[0];
    const breaks = folded?.split('\n').length ?? 0;
    const [length, value] =
      folded !== undefined
        ? [folded.length, breaks === 2 ? ' ' : '\n'.repeat(breaks - 2)]
        : style === '"' && source[from] === '\\'
          ? escaped(source, from)
          : style === "'" && source.startsWith("''", from)
            ? [2, "'"]
            : [1, source[from] ?? ''];
    if (length > 1 || value !== '') {
      if (!text.startsWith(value, offsets.length)) return undefined;
      for (let unit = 0; unit < value.length; unit++) offsets.push(from);
    } else return undefined;
    from += length;
  }
  offsets.push(from);
  return offsets;
}

/** Length and value of an escape in double quotes (YAML 1.2, 5.7); an escaped line break stands for nothing. */
function escaped(source: string, at: number): [number, string] {
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(source.slice(at, at + 10));
  if (hex) return [hex[0].length, String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16))];
  const joined = /^\\\r?\n[ \t]*/.exec(source.slice(at));
  if (joined) return [joined[0].length, ''];
  const char = source[at + 1] ?? '';
  return [2, ESCAPES[char] ?? char];
}

const ESCAPES: Record<string, string> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** Literal and folded blocks: each line loses the block's indentation; breaks are matched run by run. */
function blockOffsets(source: string, text: string): number[] | undefined {
  const header = /^[|>][^\n]*\n/.exec(source)?.[0];
  if (header === undefined) return undefined;
  const indent = /^(?:[ \t]*\r?\n)*( *)/.exec(source.slice(header.length))?.[1]?.length ?? 0;
  const offsets: number[] = [];
  let from = skipIndent(source, header.length, indent);
  while (offsets.length < text.length) {
    const start = from;
    const breaks: number[] = [];
    for (let next = breakAt(source, from); next !== undefined; next = breakAt(source, from)) {
      breaks.push(from);
      from = skipIndent(source, next, indent);
    }
    if (breaks.length > 0 || from >= source.length) {
      const run = /^(?:\n+| )/.exec(text.slice(offsets.length))?.[0];
      if (run === undefined) return undefined;
      for (let unit = 0; unit < run.length; unit++) offsets.push(breaks[unit] ?? start);
    } else {
      if (source[from] !== text[offsets.length]) return undefined;
      offsets.push(from++);
    }
  }
  offsets.push(from);
  return offsets;
}

function breakAt(source: string, at: number): number | undefined {
  if (source[at] === '\n') return at + 1;
  return source.startsWith('\r\n', at) ? at + 2 : undefined;
}

function skipIndent(source: string, at: number, indent: number): number {
  let to = at;
  while (to < at + indent && source[to] === ' ') to++;
  return to;
}
