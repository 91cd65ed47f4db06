/** A table's header or a key with its value, where it stands in the text. */
export interface TomlEntry {
  kind: 'table' | 'value';
  /** The way to it, with numbers for elements of lists of tables. */
  path: string[];
  /** Of its first line, and behind the newline of its last one. */
  start: number;
  end: number;
  /** Of the value alone. */
  valueStart: number;
  valueEnd: number;
}

/** Finds the entries of a text that a TOML parser has read without complaint, so that only well-formed ones have to be told apart. */
export function tomlEntries(text: string): TomlEntry[] {
  const entries: TomlEntry[] = [];
  /** How many elements each list of tables has so far. */
  const counts = new Map<string, number>();
  let table: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const begin = skip(text, at, /[ \t]*/y);
    const first = text[begin];
    if (first === undefined || first === '\n' || first === '\r' || first === '#') {
      at = lineEnd(text, begin);
      continue;
    }
    if (first === '[') {
      const isList = text[begin + 1] === '[';
      const { keys, end } = keysAt(text, begin + (isList ? 2 : 1));
      table = indexed(keys, counts, isList);
      at = lineEnd(text, end);
      entries.push({ kind: 'table', path: table, start, end: at, valueStart: end, valueEnd: end });
      continue;
    }
    const { keys, end } = keysAt(text, begin);
    const valueStart = skip(text, end + 1, /[ \t]*/y);
    const valueEnd = valueEndAt(text, valueStart);
    at = lineEnd(text, valueEnd);
    entries.push({ kind: 'value', path: [...table, ...keys], start, end: at, valueStart, valueEnd });
  }
  return entries;
}

/** The names of a header, with the number of the element that is meant of each list of tables on the way. */
function indexed(keys: readonly string[], counts: Map<string, number>, isList: boolean): string[] {
  const path: string[] = [];
  keys.forEach((key, i) => {
    path.push(key);
    const name = JSON.stringify(path);
    const count = counts.get(name);
    if (isList && i === keys.length - 1) {
      counts.set(name, (count ?? 0) + 1);
      path.push(String(count ?? 0));
    } else if (count !== undefined) path.push(String(count - 1));
  });
  return path;
}

/** Bare and quoted keys with dots between them (TOML 1.0, "Keys"); `end` is the `=` or `]` behind them. */
function keysAt(text: string, from: number): { keys: string[]; end: number } {
  const keys: string[] = [];
  let at = from;
  for (;;) {
    at = skip(text, at, /[ \t]*/y);
    const quote = text[at];
    const end = quote === '"' || quote === "'" ? stringEnd(text, at) : skip(text, at, /[A-Za-z0-9_-]+/y);
    const key = text.slice(at, end);
    keys.push(quote === '"' ? (JSON.parse(key) as string) : quote === "'" ? key.slice(1, -1) : key);
    at = skip(text, end, /[ \t]*/y);
    if (text[at] !== '.') return { keys, end: at };
    at += 1;
  }
}

function stringEnd(text: string, start: number): number {
  const quote = text[start] as string;
  const fence = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  let at = start + fence.length;
  while (at < text.length && !text.startsWith(fence, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += fence.length;
  // Up to two quotes may stand right before the fence.
  while (fence.length === 3 && text[at] === quote) at += 1;
  return at;
}

function valueEndAt(text: string, start: number): number {
  let depth = 0;
  let at = start;
  let end = start;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '"' || char === "'") at = stringEnd(text, at);
    else if (char === '#' && depth === 0) return end;
    else if (char === '#') at = skip(text, at, /[^\n]*/y);
    else if (char === '\n' && depth === 0) return end;
    else {
      if (char === '[' || char === '{') depth += 1;
      if (char === ']' || char === '}') depth -= 1;
      at += 1;
    }
    if (!/\s/.test(char)) end = at;
  }
  return end;
}

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 ? text.length : found + 1;
}
