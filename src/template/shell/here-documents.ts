import { expandable } from './expansions.ts';
import type { Piece } from './plan.ts';
import { atMark, copy, peek, type Reader, value } from './reader.ts';

/** Reads `<<EOF`, `<<-EOF`, `<<'EOF'` and remembers the document that follows this line. The reader stands at the second `<`. */
export function announce(reader: Reader): void {
  copy(reader, 1);
  const stripsTabs = peek(reader) === '-';
  if (stripsTabs) copy(reader, 1);
  while (/[ \t]/.test(peek(reader))) copy(reader, 1);
  let delimiter = '';
  let quoted = false;
  for (let quote = ''; peek(reader) !== ''; ) {
    if (atMark(reader)) {
      const advice = 'write the delimiter of a here-document in the text';
      value(reader, { kind: 'refused', where: 'as the delimiter of a here-document', advice });
      continue;
    }
    if (quote === '' && /[\s;&|<>()]/.test(peek(reader))) break;
    const char = copy(reader, 1);
    if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) [quote, quoted] = [char, true];
    else if (char === '\\' && quote !== "'") [delimiter, quoted] = [delimiter + copy(reader, 1), true];
    else delimiter += char;
  }
  reader.announced.push({ delimiter, quoted, stripsTabs });
}

/** Reads the bodies of the documents that were announced on the line that has just ended. */
export function hereDocuments(reader: Reader): void {
  for (const { delimiter, quoted, stripsTabs } of reader.announced.splice(0)) {
    const end = bodyEnd(reader, delimiter, stripsTabs);
    const { limit, pieces } = reader;
    reader.limit = end;
    if (quoted) {
      const body: Piece[] = [];
      reader.pieces = body;
      while (peek(reader) !== '') literal(reader);
      reader.pieces = pieces;
      pieces.push({ kind: 'document', pieces: body, delimiter, stripsTabs });
    } else while (peek(reader) !== '') expandable(reader, { kind: 'double', where: 'in a here-document' });
    reader.limit = limit;
    copy(reader, (/^[^\n]*\n?/.exec(reader.tape.text.slice(reader.at, limit))?.[0] ?? '').length);
  }
}

function literal(reader: Reader): void {
  if (!atMark(reader)) copy(reader, 1);
  else if (reader.backquotes === 0) value(reader, { kind: 'text' });
  else {
    const advice = 'use $( ) instead of backquotes';
    value(reader, { kind: 'refused', where: 'in a quoted here-document within backquotes', advice });
  }
}

/** Where the line with the delimiter starts; the end of the text when there is none. */
function bodyEnd(reader: Reader, delimiter: string, stripsTabs: boolean): number {
  const { tape, limit } = reader;
  for (let line = reader.at; line < limit; ) {
    const next = tape.text.indexOf('\n', line);
    const end = next === -1 || next > limit ? limit : next;
    const text = tape.text.slice(line, end);
    if ((stripsTabs ? text.replace(/^\t+/, '') : text) === delimiter) return line;
    line = end + 1;
  }
  return limit;
}
