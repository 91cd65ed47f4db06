import { literalPattern } from '../util/literal-pattern.ts';
import { isIPv6 } from './names.ts';

/** How a part joins the others: added, kept only if also in this, taken away. */
export type Join = 'add' | 'and' | 'not';

/** One part of a host pattern. */
export interface PatternPart {
  join: Join;
  /** Without the sign in front. */
  text: string;
  /** Where the part starts in the pattern, its sign included. */
  offset: number;
  length: number;
}

/**
 * Splits a pattern at `,` and `:`. Brackets hold together, a regex (`~…`) holds together inside its own brackets,
 * and a part that is an IPv6 address, or has no other reading, keeps its colons.
 */
export function splitPattern(pattern: string): PatternPart[] {
  return pieces({ text: pattern, offset: 0, separator: ',' })
    .flatMap((piece) => (isIPv6(unsigned(piece.text)) ? [piece] : pieces({ ...piece, separator: ':' })))
    .map(({ text, offset }) => {
      const lead = text.length - text.trimStart().length;
      const trimmed = text.trim();
      const sign = trimmed[0];
      const join: Join = sign === '&' ? 'and' : sign === '!' ? 'not' : 'add';
      return { join, text: unsigned(trimmed), offset: offset + lead, length: trimmed.length };
    })
    .filter((part) => part.length > 0);
}

function unsigned(text: string): string {
  const name = text.trim().replace(/^[&!]\s*/, '');
  const boxed = /^\[(.*)\]$/.exec(name);
  return boxed && isIPv6(boxed[1] ?? '') ? (boxed[1] ?? '') : name;
}

interface Piece {
  text: string;
  offset: number;
}

function pieces({ text, offset, separator }: Piece & { separator: string }): Piece[] {
  const found: Piece[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text[i] !== separator) {
      i = skipHeld(text, { start, at: i });
      continue;
    }
    found.push({ text: text.slice(start, i), offset: offset + start });
    start = i + 1;
  }
  return found;
}

/** When a bracket opens here and closes later, the place where it closes; else this place. */
function skipHeld(text: string, { start, at }: { start: number; at: number }): number {
  const regex = /^\s*[&!]?\s*~/.test(text.slice(start, at + 1));
  const closers: Record<string, string> = regex ? { '[': ']', '(': ')', '{': '}' } : { '[': ']' };
  const open: string[] = [];
  for (let i = at; i < text.length; i++) {
    const char = text[i] ?? '';
    const closer = closers[char];
    if (regex && char === '\\') i += 1;
    else if (open.at(-1) === ']' && char !== ']') continue;
    else if (closer !== undefined) open.push(closer);
    else if (char === open.at(-1)) open.pop();
    if (open.length === 0) return Math.min(i, text.length - 1);
  }
  return at;
}

/** `web[0]`, `web[0:2]`, `web[1:]`, `web[-1]`: the name, and which of its hosts; both ends belong to it. */
export function readSubscript(text: string): { name: string; from: number; to: number | 'last' } | undefined {
  if (text.startsWith('~')) return undefined;
  const found = /^(.+)\[(?:(-?\d{1,9})|(-?\d{0,9}):(-?\d{0,9}))\]$/.exec(text);
  if (!found) return undefined;
  const [, name = '', single, from, to] = found;
  if (single !== undefined) return { name, from: Number(single), to: Number(single) };
  if (from === '-' || to === '-') return undefined;
  return { name, from: Number(from ?? '0'), to: to ? Number(to) : 'last' };
}

/** The regex of a glob (`*`, `?`, `[abc]`, `[!abc]`), for linear-time matching; undefined when the text is a plain name. */
export function globRegex(text: string): string | undefined {
  if (!/[*?[]/.test(text)) return undefined;
  let regex = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    const end = char === '[' ? text.indexOf(']', i + (text[i + 1] === '!' ? 3 : 2)) : -1;
    if (char === '*') regex += '.*';
    else if (char === '?') regex += '.';
    else if (end > 0) {
      const inner = text
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replaceAll(/[\\[\]&~]/g, '\\$&');
      regex += `[${inner}]`;
      i = end;
    } else regex += literalPattern(char);
  }
  return regex;
}
