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
  /** Inside `[[ … ]]`, `[ … ]` or a command whose words the shell computes or names variables by: the words so far, with their values. */
  test: { opener: string; words: TestWord[] } | undefined;
  /** How many pieces there were when the word began. */
  from: number;
}

interface TestWord {
  text: string;
  pieces: Piece[];
  /** It begins with a value, so that the value names what the word names. */
  led: boolean;
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
    else {
      const led = new RegExp(`^["']*${reader.tape.mark}`).test(word);
      test.words.push({ text: word, pieces: reader.pieces.slice(line.from), led });
    }
    return;
  }
  if (!first) return;
  if (SPECIAL.test(word)) line.test = { opener: word, words: [] };
  if (word === 'case') line.cases++;
  if (word === 'esac') line.cases = Math.max(0, line.cases - 1);
  line.first = BEFORE_COMMANDS.has(word) || /^[A-Za-z_]\w*(?:\[.*\])?\+?=/.test(word);
}

/** Commands that compute their words or take names of variables: bash and mksh run `$( )` in `a[$( )]` there, however it is quoted. */
const SPECIAL = /^(?:\[\[?|test|let|printf|declare|typeset|local|export|readonly|unset|read|readarray|mapfile)$/;
const COMPARES = /^-(?:eq|ne|lt|le|gt|ge)$/;

/** Marks the values that the shell would compute, and refuses those that would name a variable. */
function endTest(line: Line): void {
  const { opener, words } = line.test ?? { opener: '', words: [] };
  line.test = undefined;
  for (const [i, word] of words.entries()) {
    const before = words[i - 1]?.text ?? '';
    if (opener === 'let') compute(word.pieces, 'let');
    else if (opener === '[' || opener === '[[' || opener === 'test') {
      if (COMPARES.test(word.text))
        compute([...(words[i - 1]?.pieces ?? []), ...(words[i + 1]?.pieces ?? [])], `a comparison with ${word.text}`);
      if (before === '-v') refuseName(word.pieces);
    } else if (
      opener === 'printf' ? before === '-v' : word.led && !(opener === 'read' && /^-\w*[pdtnNui]$/.test(before))
    ) {
      refuseName(word.pieces);
    }
  }
}

function compute(pieces: readonly Piece[], where: string): void {
  for (const piece of pieces) {
    if (piece.kind !== 'value') continue;
    const { position } = piece;
    if (
      position.kind === 'word' ||
      position.kind === 'double' ||
      position.kind === 'single' ||
      position.kind === 'ansi'
    ) {
      position.computed = where;
    }
  }
}

function refuseName(pieces: readonly Piece[]): void {
  const [first] = pieces.filter((piece) => piece.kind === 'value');
  if (first?.kind !== 'value') return;
  const advice = 'write the name in the text, and only its value as {{…}}: NAME={{value}}';
  first.position = { kind: 'refused', where: 'as the name of a variable', advice };
}

/** A comment, up to the end of the line. */
function comment(reader: Reader): void {
  while (peek(reader) !== '' && peek(reader) !== '\n') {
    if (reader.backquotes > 0 && peek(reader) === '`') return;
    if (atMark(reader)) value(reader, { kind: 'comment' });
    else copy(reader, 1);
  }
}
