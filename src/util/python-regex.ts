/**
 * Patterns are written as for Python, because that is what Ansible's users know, and run by RE2.
 * The two differ in a few spellings, which are translated here, and in what RE2 cannot do, which is refused with advice.
 */

/** A pattern in RE2's syntax, or why there is none. */
export type Translated = { source: string; multiline: boolean } | { refused: string; advice?: string };

/** Thrown inside this file only. */
interface Refusal {
  refused: string;
  advice?: string;
}

const lookahead: Refusal = {
  refused: 'it looks ahead ((?= or (?!), which cannot be searched in linear time',
  advice: 'match the whole line and keep parts of it with groups, or use two tasks',
};
const backreference: Refusal = {
  refused: 'it repeats a group inside the pattern, which cannot be searched in linear time',
  advice: 'groups can be used in the replacement: \\1',
};
const atomic: Refusal = { refused: 'it holds an atomic group or a possessive repetition, which RE2 does not know' };
const verbose: Refusal = {
  refused: 'the flag x (spaces mean nothing) stands inside of it',
  advice: 'at its beginning, (?x), it holds for all of it',
};

/** Python's white space, of which RE2's `\s` lacks the vertical tab. */
const space = ' \\t\\n\\v\\f\\r';

/** Escapes of letters that mean the same to both. */
const shared = /^[AbBdDwWafnrtvpPz0-7]$/;

/**
 * Rewrites a Python pattern for RE2. In a `line`, which ends with at most one newline, `^` fits only at the start and `$` also
 * before the newline; in `lines` both fit everywhere; in a `text` they fit at its two ends. RE2's `(?m)` is on for the first two.
 */
export function translate(pattern: string, scope: 'line' | 'lines' | 'text'): Translated {
  const [flags = ''] = /^(?:\(\?[aiLmsux]+\))+/.exec(pattern) ?? [];
  const letters = flags.replace(/[(?)]/g, '');
  const multiline = letters.includes('m');
  const rest = pattern.slice(flags.length);
  const body = letters.includes('x') ? withoutSpace(rest) : rest;
  const start = scope === 'lines' || multiline ? '^' : '\\A';
  const end = scope === 'text' && !multiline ? '\\z' : '$';
  const kept = letters.replace(/[aLumx]/g, '');
  const refusals: Refusal[] = [];
  const source = tokens(body).map((token) => {
    if (token === '^') return start;
    if (token === '$') return end;
    const result = token.startsWith('[') ? characterClass(token) : token.startsWith('(?') ? group(token) : plain(token);
    if (typeof result === 'string') return result;
    refusals.push(result);
    return '';
  });
  const [refusal] = refusals;
  return refusal ?? { source: (kept === '' ? '' : `(?${kept})`) + source.join(''), multiline };
}

/** `[…]`, in which brackets, spaces and the like have no meaning. */
const classes = String.raw`\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]`;

const escapes = String.raw`\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[\s\S])`;

const token = new RegExp(
  [
    escapes,
    classes,
    String.raw`\(\?#[^)]*\)`,
    String.raw`\(\?(?:P?<[A-Za-z_]\w*>|P[=>]\w*|<?[=!]|>|[aiLmsux-]*[:)])?`,
    String.raw`\{,\d+\}|(?:[*+?]|\{\d+,?\d*\})\+|[\s\S]`,
  ].join('|'),
  'gu',
);

/** Cuts a pattern into escapes, classes, group openings, comments, repetitions and single characters. */
function tokens(pattern: string): string[] {
  return pattern.match(token) ?? [];
}

/** What the flag x leaves of a pattern: no white space, and no remark up to the end of its line, unless escaped or in a class. */
function withoutSpace(pattern: string): string {
  const kept = String.raw`\\[\s\S]|${classes}|\(\?#[^)]*\)`;
  return pattern.replace(new RegExp(`(${kept})|#[^\\n]*|\\s+`, 'gu'), (_, piece = '') => piece);
}

function plain(token: string): string | Refusal {
  if (/^\{,\d+\}$/.test(token)) return token.replace('{', '{0');
  if (/^(?:[*+?]|\{.*\})\+$/.test(token)) return atomic;
  if (!token.startsWith('\\')) return token;
  const letter = token[1] ?? '';
  if (token.length === 2 && /[1-9]/.test(letter)) return backreference;
  if (letter === 'Z') return '\\z';
  if (letter === 's') return `[${space}]`;
  if (letter === 'S') return `[^${space}]`;
  return character(token, letter);
}

/** An escape that stands for one character or one class, inside `[…]` or outside. */
function character(token: string, letter: string): string | Refusal {
  if (/^\\\d{3}$/.test(token)) return `\\x{${Number.parseInt(token.slice(1), 8).toString(16)}}`;
  if (token.length > 2) return `\\x{${token.slice(2)}}`;
  if (/[A-Za-z]/.test(letter) && !shared.test(letter)) return { refused: `\\${letter} means nothing` };
  return token;
}

function characterClass(token: string): string | Refusal {
  const refusals: Refusal[] = [];
  const inside = token.replace(new RegExp(escapes, 'gu'), (escaped) => {
    const letter = escaped[1] ?? '';
    if (letter === 'b') return '\\x08';
    if (letter === 's') return space;
    const result = character(escaped, letter);
    if (typeof result === 'string') return result;
    refusals.push(result);
    return '';
  });
  return refusals[0] ?? inside;
}

function group(token: string): string | Refusal {
  if (token.startsWith('(?#')) return '';
  if (token === '(?=' || token === '(?!') return lookahead;
  if (token.startsWith('(?P=') || token.startsWith('(?P>')) return backreference;
  if (token === '(?>') return atomic;
  const [, letters] = /^\(\?([aiLmsux-]*)[:)]$/.exec(token) ?? [];
  if (letters?.includes('x')) return verbose;
  return letters === undefined ? token : token.replace(/[aLu]/g, '');
}
