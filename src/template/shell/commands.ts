import { arithmetic, backquoted, dollar, double, single } from './expansions.ts';
import { announce, hereDocuments } from './here-documents.ts';
import type { Piece } from './plan.ts';
import { atMark, copy, escaped, peek, type Reader, sees, value } from './reader.ts';

/** What is known about the commands that are being read. */
interface Line {
  /** The word so far, as written; marks and quotes included. */
  word: string;
  /** The next word is a command's name (or a keyword, or an assignment before it). */
  first: boolean;
  /** Open parentheses, and `case … esac`, whose patterns close parentheses that were never opened. */
  depth: number;
  cases: number;
  /** Inside `[[ … ]]`, `[ … ]` or `test …`: the words so far, with the values in each. */
  test: { opener: string; words: { text: string; pieces: Piece[] }[] } | undefined;
  /** How many pieces there were when the word began. */
  from: number;
}

/** Reads commands up to and with `end` (`)` or a backquote), or to the end of the text. */
export function commands(reader: Reader, end = ''): void {
  const line: Line = { word: '', first: true, depth: 0, cases: 0, test: undefined, from: reader.pieces.length };
  while (peek(reader) !== '') {
    const char = peek(reader);
    // `esac)`: the word before the parenthesis has to be known first.
    if (char === end) endWord(reader, line);
    if (char === end && line.depth === 0 && (end !== ')' || line.cases === 0)) {
      endTest(line);
      copy(reader, 1);
      return;
    }
    if (/[\s;&|<>()]/.test(char)) separator(reader, line, char);
    else if (char === '#' && line.word === '') comment(reader);
    else wordPart(reader, line, char);
  }
  endWord(reader, line);
  endTest(line);
}

function wordPart(reader: Reader, line: Line, char: string): void {
  if (line.word === '') line.from = reader.pieces.length;
  const start = reader.at;
  const subscript = char === '[' && line.first && /^[A-Za-z_]\w*$/.test(line.word);
  if (atMark(reader)) value(reader, { kind: 'word', alone: isAlone(reader, line) });
  else if (char === '\\') escaped(reader);
  else if (char === "'" || char === '"') {
    copy(reader, 1);
    (char === "'" ? single : double)(reader);
  } else if (char === '`' && reader.backquotes === 0) backquoted(reader);
  else if (char === '$') dollar(reader, false);
  else {
    copy(reader, 1);
    // `a[…]=` at the start of a command is an assignment, and its index is computed.
    if (subscript) arithmetic(reader, ']');
  }
  line.word += reader.tape.text.slice(start, reader.at);
}

/** A value that is a word by itself may be a list. */
function isAlone(reader: Reader, line: Line): boolean {
  const after = peek(reader, 1);
  return line.word === '' && (after === '' || /[\s;&|<>()`]/.test(after));
}

function separator(reader: Reader, line: Line, char: string): void {
  endWord(reader, line);
  if (char === '<' && sees(reader, '<<') && !sees(reader, '<<<')) {
    copy(reader, 1);
    announce(reader);
    return;
  }
  if (sees(reader, '<<<')) {
    copy(reader, 3);
    return;
  }
  if (sees(reader, '((') && line.first && !line.test) {
    copy(reader, 2);
    arithmetic(reader, '))');
    return;
  }
  copy(reader, 1);
  if (char === '(') line.depth++;
  if (char === ')') line.depth = Math.max(0, line.depth - 1);
  if (/[;&|()\n]/.test(char)) {
    line.first = true;
    if (line.test && line.test.opener !== '[[') endTest(line);
  }
  if (char === '\n') hereDocuments(reader);
}

/** After these words a command still has to come. */
const BEFORE_COMMANDS = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
  'time',
  'for',
  'select',
]);

function endWord(reader: Reader, line: Line): void {
  const { word, first, test } = line;
  if (word === '') return;
  line.word = '';
  if (test) {
    if ((word === ']]' && test.opener === '[[') || (word === ']' && test.opener === '[')) endTest(line);
    else test.words.push({ text: word, pieces: reader.pieces.slice(line.from) });
    return;
  }
  if (!first) return;
  if (word === '[[' || word === '[' || word === 'test') line.test = { opener: word, words: [] };
  if (word === 'case') line.cases++;
  if (word === 'esac') line.cases = Math.max(0, line.cases - 1);
  line.first = BEFORE_COMMANDS.has(word) || /^[A-Za-z_]\w*(?:\[.*\])?\+?=/.test(word);
}

const COMPARES = /^-(?:eq|ne|lt|le|gt|ge)$/;

/** The words beside `-eq` and the like are computed by bash and mksh, however they are quoted. */
function endTest(line: Line): void {
  const words = line.test?.words ?? [];
  line.test = undefined;
  for (const [i, { text }] of words.entries()) {
    if (!COMPARES.test(text)) continue;
    for (const piece of [...(words[i - 1]?.pieces ?? []), ...(words[i + 1]?.pieces ?? [])]) {
      if (piece.kind !== 'value') continue;
      const { position } = piece;
      if (
        position.kind === 'word' ||
        position.kind === 'double' ||
        position.kind === 'single' ||
        position.kind === 'ansi'
      ) {
        position.computed = `a comparison with ${text}`;
      }
    }
  }
}

/** A comment, up to the end of the line. */
function comment(reader: Reader): void {
  while (peek(reader) !== '' && peek(reader) !== '\n') {
    if (reader.backquotes > 0 && peek(reader) === '`') return;
    if (atMark(reader)) value(reader, { kind: 'comment' });
    else copy(reader, 1);
  }
}
