/** Where in SQL a value stands: by itself, in a text, in a quoted name, in a remark, or where nothing can be put in. */
export type SqlPosition =
  | { kind: 'bare' | 'literal' | 'name' | 'remark' }
  | { kind: 'refused'; where: string; advice: string };

/** A stretch of author SQL: what it is, and its text with the quotes; a value is the mark. */
export interface SqlPiece {
  kind: 'bare' | 'literal' | 'name' | 'remark' | 'escaped' | 'dollar';
  text: string;
}

const PIECE =
  /(?<![A-Za-z0-9_])[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|"(?:""|[^"])*(?:"|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(\$[A-Za-z_]*\$)[\s\S]*?(?:\1|$)|[\s\S]/g;

/** Reads author SQL, as PostgreSQL and DuckDB part it (their manuals, "Lexical Structure"), into stretches. Neighbours of bare text are one. */
export function piecesOf(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  for (const [text, tag] of sql.matchAll(PIECE)) {
    const kind = kindOf(text, tag);
    const last = pieces.at(-1);
    if (kind === 'bare' && last?.kind === 'bare') last.text += text;
    else pieces.push({ kind, text });
  }
  return pieces;
}

function kindOf(text: string, tag: string | undefined): SqlPiece['kind'] {
  if (tag !== undefined) return 'dollar';
  if (text.startsWith('--') || text.startsWith('/*')) return 'remark';
  if (text.length > 1 && /^[eE]'/.test(text)) return 'escaped';
  if (text.startsWith("'")) return 'literal';
  return text.startsWith('"') ? 'name' : 'bare';
}

/** Whether a value may stand in a stretch. */
export function positionIn({ kind }: SqlPiece): SqlPosition {
  if (kind === 'escaped')
    return { kind: 'refused', where: "in an E'…' text", advice: "write an ordinary text: 'a{{x}}', or E'a' || {{x}}" };
  if (kind === 'dollar')
    return { kind: 'refused', where: 'between dollar quotes', advice: "write an ordinary text: 'a{{x}}'" };
  return { kind };
}
