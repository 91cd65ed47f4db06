import type { Piece, Position, Tape } from './plan.ts';

/** A here-document that was announced on the current line. */
export interface Announced {
  delimiter: string;
  quoted: boolean;
  stripsTabs: boolean;
}

/** Goes over a tape from left to right and collects pieces. */
export interface Reader {
  readonly tape: Tape;
  /** Next character to be read, and where reading stops. */
  at: number;
  limit: number;
  pieces: Piece[];
  /** Number of the next mark. */
  next: number;
  announced: Announced[];
  /** How many backquotes are open. */
  backquotes: number;
  /** How many expansions are open. */
  depth: number;
}

/** Starts at the beginning of a tape. */
export function readerOf(tape: Tape): Reader {
  return { tape, at: 0, limit: tape.text.length, pieces: [], next: 0, announced: [], backquotes: 0, depth: 0 };
}

/** The text from here on starts with this, within the limit. */
export function sees(reader: Reader, text: string): boolean {
  return reader.at + text.length <= reader.limit && reader.tape.text.startsWith(text, reader.at);
}

/** The character here, or `''` at the limit. */
export function peek(reader: Reader, ahead = 0): string {
  const at = reader.at + ahead;
  return at < reader.limit ? (reader.tape.text[at] ?? '') : '';
}

/** Takes author text over as it is. */
export function copy(reader: Reader, length: number): string {
  const text = reader.tape.text.slice(reader.at, Math.min(reader.limit, reader.at + length));
  reader.at += text.length;
  const last = reader.pieces.at(-1);
  if (last?.kind === 'author') last.text += text;
  else if (text !== '') reader.pieces.push({ kind: 'author', text });
  return text;
}

/** Takes the mark here, as a value at a position. */
export function value(reader: Reader, position: Position): void {
  reader.pieces.push({ kind: 'value', index: reader.next++, position });
  reader.at++;
}

/** Whether a mark is here. */
export function atMark(reader: Reader, ahead = 0): boolean {
  return peek(reader, ahead) === reader.tape.mark;
}

/** A backslash takes the next character with it; a value cannot be escaped. */
export function escaped(reader: Reader): void {
  if (!atMark(reader, 1)) {
    copy(reader, 2);
    return;
  }
  copy(reader, 1);
  value(reader, {
    kind: 'refused',
    where: 'right after a backslash',
    advice: 'the backslash would take away the quoting of the value; leave it out, or put the value into quotes',
  });
}
