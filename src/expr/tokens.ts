/** One token of CEL text. `other` is a character CEL has no use for. */
export interface Token {
  kind: 'name' | 'number' | 'string' | 'symbol' | 'other';
  text: string;
  /** UTF-16 offsets in the text. */
  start: number;
  end: number;
}

const SPACE = /(?:\s|\/\/[^\n]*)+/y;
const PATTERNS: [Token['kind'], RegExp][] = [
  ['string', /[rRbB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?''')/y],
  ['string', /[rR](?:"[^"\n]*"|'[^'\n]*')/y],
  ['string', /[bB]?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /0[xX][0-9a-fA-F]+[uU]?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[uU]?/y],
  ['symbol', /==|!=|<=|>=|&&|\|\||[-+*/%<>!()[\]{}.,:?]/y],
];

/** Reads the token at or after an offset; undefined at the end. Never fails: what CEL does not know is `other`. */
function tokenAt(text: string, from: number): Token | undefined {
  SPACE.lastIndex = from;
  const start = from + (SPACE.exec(text)?.[0].length ?? 0);
  if (start >= text.length) return undefined;
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start, end: start + found.length };
  }
  return { kind: 'other', text: text[start] ?? '', start, end: start + 1 };
}

/** All tokens of a text. */
export function tokens(text: string): Token[] {
  const all: Token[] = [];
  for (let token = tokenAt(text, 0); token; token = tokenAt(text, token.end)) all.push(token);
  return all;
}

/**
 * Where an expression inside a mustache ends: the offset of the `}}` (or `~}}`) that closes it, however many braces its strings and maps hold.
 * Undefined when it never does.
 */
export function expressionEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let token = tokenAt(text, from); token; token = tokenAt(text, token.end)) {
    if (depth === 0 && (text.startsWith('}}', token.start) || text.startsWith('~}}', token.start))) return token.start;
    if (token.text === '{' || token.text === '(' || token.text === '[') depth++;
    else if (token.text === '}' || token.text === ')' || token.text === ']') depth = Math.max(0, depth - 1);
  }
  return undefined;
}
