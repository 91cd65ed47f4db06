import { Lexer } from 'yaml';

/** A quoted text or a bracket of the file, as the lexer sees it. */
export interface Mark {
  text: string;
  start: number;
  end: number;
}

/** Marks that the lexer puts between the pieces of text; they stand for nothing in the file. */
const SILENT = new Set(['\x02', '\x18', '\x1f']);

/** Quoted texts and brackets up to an offset, in order. Only asked for when something is wrong: it reads the text again. */
export function marksBefore(text: string, offset: number): Mark[] {
  const marks: Mark[] = [];
  let start = 0;
  let plain = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (SILENT.has(lexeme)) {
      plain = lexeme === '\x1f';
      continue;
    }
    if (start >= offset) break;
    const end = start + lexeme.length;
    if (!plain && /^["'[\]{}]/.test(lexeme)) marks.push({ text: lexeme, start, end });
    plain = false;
    start = end;
  }
  return marks;
}

/** The brackets that are still open, outermost first. */
export function openBrackets(marks: readonly Mark[]): Mark[] {
  const open: Mark[] = [];
  for (const mark of marks) {
    if (mark.text === '{' || mark.text === '[') open.push(mark);
    else if (mark.text === '}' || mark.text === ']') open.pop();
  }
  return open;
}
