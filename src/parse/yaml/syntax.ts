import type { YAMLError } from 'yaml';
import type { Span } from '../../model/span.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { lineAt, nextLine, quotedLine } from './fixed.ts';
import { marksBefore, openBrackets } from './lexemes.ts';

/**
 * Puts the library's complaints into our words. Only the first broken place is told, because what follows is mostly its consequence;
 * bad escapes are independent of each other: one is told for each line.
 */
export function syntaxProblems(file: string, text: string, errors: readonly YAMLError[]): Problem[] {
  const told = errors.filter((error) => error.code !== 'TAG_RESOLVE_FAILED').sort((a, b) => a.pos[0] - b.pos[0]);
  const escapes = told
    .filter((error) => error.code === 'BAD_DQ_ESCAPE')
    .filter((error, index, all) => {
      const before = all[index - 1];
      return !before || lineAt(text, before.pos[0]).start !== lineAt(text, error.pos[0]).start;
    })
    .slice(0, 20);
  const first = told.find((error) => error.code !== 'BAD_DQ_ESCAPE');
  const shown = first ? [...escapes.filter((error) => error.pos[0] < first.pos[0]), first] : escapes;
  return shown.map((error) => {
    const start = Math.min(error.pos[0], text.length);
    const end = Math.max(start, Math.min(error.pos[1], text.length));
    return describe({ file, text, error, start, at: { file, start, end } });
  });
}

/** Keys that are shown in a message. */
const LONGEST_KEY = 100;

interface Place {
  file: string;
  text: string;
  error: YAMLError;
  start: number;
  at: Span;
}

function describe(place: Place): Problem {
  const { file, text, error, start, at } = place;
  const line = lineAt(text, start);
  const tab = /^ *(?:- *)*\t/.exec(line.text);
  if (tab && ['TAB_AS_INDENT', 'BAD_INDENT', 'UNEXPECTED_TOKEN'].includes(error.code)) {
    const offset = line.start + line.text.indexOf('\t');
    return problem('E_YAML_TAB', {}, { file, start: offset, end: offset + 1 });
  }
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return problem('E_YAML_TAB', {}, at);
    case 'BAD_DQ_ESCAPE':
      return problem('E_YAML_ESCAPE', { escape: text.slice(start, start + 2) }, { file, start, end: start + 2 });
    case 'BAD_SCALAR_START': {
      const fixed = quotedLine(text, start, openBrackets(marksBefore(text, start)).length > 0);
      return problem('E_YAML_RESERVED', { char: text[start] ?? '', ...(fixed && { fixed }) }, at);
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return keyInValue(place);
    case 'MULTILINE_IMPLICIT_KEY':
      return noColon(place);
    case 'BAD_INDENT':
    case 'BLOCK_IN_FLOW':
      return badIndent(place);
    case 'MISSING_CHAR':
      return missing(place);
    case 'UNEXPECTED_TOKEN':
      return unexpected(place);
    default:
      return plainly(place);
  }
}

/** `foo: bar: baz` on one line, or a value with more deeply indented keys under it. */
function keyInValue(place: Place): Problem {
  const { file, text, start, at } = place;
  const line = lineAt(text, start);
  const rest = line.text.slice(start - line.start);
  if (/^-\s/.test(rest)) return misplacedItem(place);
  if (/:(?:\s|$)/.test(rest)) {
    const fixed = quotedLine(text, start, false);
    const comment = rest.search(/\s#/);
    const value = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd();
    return problem('E_YAML_COLON', fixed ? { fixed } : {}, { file, start, end: start + value.length });
  }
  const next = nextLine(text, start);
  if (!next) return problem('E_YAML_COLON', {}, at);
  const key = /(?:^|[\s{,-])([\w.-]+):\s+$/.exec(line.text.slice(0, start - line.start).slice(-LONGEST_KEY))?.[1];
  return problem('E_YAML_VALUE_AND_KEYS', key ? { key } : {}, { file, ...next });
}

/** A line of a mapping without a colon; `name:foo` lacks only the space. */
function noColon(place: Place): Problem {
  const { file, text, start } = place;
  const line = lineAt(text, start);
  const content = line.text.slice(start - line.start).trimEnd();
  const at = { file, start, end: start + content.length };
  if (content.startsWith('- ') || content === '-') return misplacedItem(place);
  const fixed = /^([\w-]+):(\S.*)$/.exec(content);
  const facts = { text: shortened(content), ...(fixed && { fixed: `${fixed[1]}: ${shortened(fixed[2] ?? '')}` }) };
  return problem('E_YAML_NO_COLON', facts, at);
}

function misplacedItem({ file, start }: Place): Problem {
  const detail = 'a list item stands where a key is expected';
  return problem('E_YAML_INDENT', { detail }, { file, start, end: start + 1 });
}

function badIndent(place: Place): Problem {
  const { file, text, start, at, error } = place;
  if (error.code === 'BLOCK_IN_FLOW') {
    const detail = 'this entry has two colons: a comma is missing between two entries, or the value needs quotes';
    return problem('E_YAML_SYNTAX', { detail }, at);
  }
  if (/^Flow/.test(error.message)) return bracket(place);
  if (/^Block scalar/.test(error.message)) return plainly(place);
  const line = lineAt(text, start);
  const content = line.text.trim();
  const from = line.start + line.text.indexOf(content);
  return problem('E_YAML_INDENT', {}, content ? { file, start: from, end: from + content.length } : at);
}

/** A bracket without its end, or lines inside one that are not indented. */
function bracket(place: Place): Problem {
  const { file, text, start, at } = place;
  const open = openBrackets(marksBefore(text, start)).at(-1);
  if (!open) return plainly(place);
  const closing = open.text === '{' ? '}' : ']';
  const closedBelow = new RegExp(`^[ \\t]*\\${closing}`, 'm').test(text.slice(start));
  if (!closedBelow || start === text.length) {
    return problem('E_YAML_BRACKET', { bracket: open.text }, { file, start: open.start, end: open.end });
  }
  const detail = `lines between ${open.text} and ${closing} must be indented more than the line that opens them`;
  return problem('E_YAML_SYNTAX', { detail }, at);
}

function missing(place: Place): Problem {
  const { file, text, start, at, error } = place;
  if (error.message.startsWith('Missing closing')) {
    const opened = marksBefore(text, text.length).findLast((mark) => mark.end <= start && /^["']/.test(mark.text));
    const from = opened?.start ?? start;
    return problem('E_YAML_QUOTE_OPEN', { quote: text[from] ?? '"' }, { file, start: from, end: from + 1 });
  }
  if (error.message.startsWith('Implicit map keys')) return noColon(place);
  if (error.message.startsWith('Sequence item without')) return badIndent(place);
  if (error.message.startsWith('Flow')) return bracket(place);
  if (/^Missing , /.test(error.message)) {
    const before = marksBefore(text, start);
    const closing = openBrackets(before).at(-1)?.text === '[' ? 'list' : 'mapping';
    return problem('E_YAML_SYNTAX', { detail: `a comma is missing before this entry of the ${closing}` }, at);
  }
  return plainly(place);
}

function unexpected(place: Place): Problem {
  const { file, text, start, error } = place;
  const line = lineAt(text, start);
  const content = line.text.slice(start - line.start).trimEnd();
  if (error.message.startsWith('Unexpected block-seq-ind on same line')) {
    const detail = 'a list cannot begin on the line of its key';
    return problem('E_YAML_DASH', { detail }, { file, start, end: start + 1 });
  }
  if (error.message === 'Unexpected scalar at node end') {
    const opened = marksBefore(text, start).at(-1);
    if (opened && /^["']/.test(opened.text) && text.slice(opened.end, start).trim() === '') {
      return afterQuote(place, opened);
    }
    if (line.text.slice(0, start - line.start).trim() === '') {
      const detail = content.startsWith('-')
        ? 'a list item stands where a key is expected'
        : 'a key stands where a list item is expected';
      return problem('E_YAML_INDENT', { detail }, { file, start, end: start + content.length });
    }
  }
  const closing = /^[\]}]/.exec(content)?.[0];
  if (closing)
    return problem('E_YAML_SYNTAX', { detail: `this ${closing} closes nothing` }, { file, start, end: start + 1 });
  return plainly(place);
}

function afterQuote(place: Place, opened: { text: string; start: number; end: number }): Problem {
  const { file, text, start } = place;
  const line = lineAt(text, start);
  const quote = opened.text[0] ?? '"';
  const end = line.start + line.text.trimEnd().length;
  const at = { file, start, end };
  if (opened.start < line.start) {
    const also = [{ at: { file, start: opened.start, end: opened.start + 1 }, label: 'the quote was opened here' }];
    return problem('E_YAML_AFTER_QUOTE', { quote }, at, also);
  }
  const value = requoted(opened.text, text.slice(opened.end, Math.min(end, opened.end + 200)).replace(/\s+#.*$/, ''));
  const fixed = value && line.text.length <= 160 ? line.text.slice(0, opened.start - line.start) + value : undefined;
  return problem('E_YAML_AFTER_QUOTE', { quote, ...(fixed && { fixed: fixed.trim() }) }, at);
}

/** What the author of `"{{a}}"/b`, `'it's'` or `"web" in groups` meant; undefined when no pair of quotes can hold it as it is. */
function requoted(quotedPart: string, tail: string): string | undefined {
  const quote = quotedPart[0] ?? '"';
  const other = quote === '"' ? "'" : '"';
  const inner = quotedPart.slice(1, -1);
  if (inner.includes('{{') && !/['"\\]/.test(inner + tail)) return quote + inner + tail + quote;
  const whole =
    tail.endsWith(quote) && !inner.includes(' ') ? quotedPart.slice(1) + tail.slice(0, -1) : quotedPart + tail;
  return whole.includes(other) || whole.includes('\\') ? undefined : other + whole + other;
}

const REWORDED: readonly [RegExp, string][] = [
  [/^Comments must be separated/, 'a comment needs a space before its #'],
  [
    /^(?:Block scalar header includes|Not a YAML token)/,
    'after | or > nothing but a comment may follow on the same line',
  ],
  [
    /^Block scalars with more-indented/,
    'the first lines of this text are empty but indented more than the text itself',
  ],
  [/^A node can have at most one anchor/, 'a value can have only one &anchor'],
  [/^A node can have at most one tag/, 'a value can have only one !tag'],
  [/^Anchors and tags must be after/, 'an &anchor or !tag stands after the "-" or "?", not before it'],
  [/^Tags and anchors must be separated/, 'a space is needed after the &anchor or !tag'],
  [/^An alias node must not/, 'an *alias takes no &anchor or !tag of its own'],
  [/^Unexpected , in/, 'there is a comma with nothing before it'],
  [/^Unexpected empty item/, 'there is an empty entry between the commas'],
  [/^The : indicator must be at most/, 'a key may be at most 1024 characters long'],
  [/ending in : is ambiguous/, 'the name of an &anchor or *alias must not end with ":"; a space is missing before it'],
  [/cannot be an empty string/, 'an & or * needs a name after it; text that begins with one must be in quotes'],
  [/^Block collection cannot start on same line/, 'the document must start on the line after ---'],
  [/^Missing space after :/, 'a space is needed after the colon'],
  [/^Unexpected .* token in YAML stream/, 'this does not belong to anything before it'],
];

/** The library's own sentence, or ours for the common ones. */
function plainly(place: Place): Problem {
  const { error, at } = place;
  const known = REWORDED.find(([pattern]) => pattern.test(error.message))?.[1];
  const message = `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  return problem(
    'E_YAML_SYNTAX',
    known === undefined ? { detail: shortened(message), vague: true } : { detail: known },
    at,
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
