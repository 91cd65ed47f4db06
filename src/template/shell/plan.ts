/**
 * Where in shell text a value stands, which decides how it is put in (never as text, except in a quoted here-document):
 * `word` unquoted, `double` inside "…" and unquoted here-documents, `single` inside '…', `ansi` inside $'…', `integer` where the shell
 * computes, `comment`, `text` in a quoted here-document, `refused` where it cannot stand. `computed`: the shell computes what the quotes
 * give, as `-eq` does, so it must be an integer too.
 */
export type Position =
  | { kind: 'word'; alone: boolean; computed?: string }
  | { kind: 'double' | 'single' | 'ansi'; where: string; computed?: string }
  | { kind: 'integer'; where: string }
  | { kind: 'comment' }
  | { kind: 'text' }
  | { kind: 'refused'; where: string; advice: string };

/** A piece of shell text: the author's, a value by its number, or a quoted here-document whose lines must not end it early. */
export type Piece =
  | { kind: 'author'; text: string }
  | { kind: 'value'; index: number; position: Position }
  | { kind: 'document'; pieces: Piece[]; delimiter: string; stripsTabs: boolean };

/** Author text in which each value is one mark, a character that occurs nowhere else. */
export interface Tape {
  text: string;
  mark: string;
}
