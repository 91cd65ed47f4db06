import { expressionEnd } from '../expr/tokens.ts';
import type { Tag } from './tag.ts';

const COMMENT = /\{\{~?!(?:--[\s\S]*?--~?\}\}|(?!--)[\s\S]*?\}\})/y;
const OPEN = /(\{\{\{?)(~?)(\s*else\b(?![\w.])|#\*|#>|[#/^>*&])?/y;
const EXPRESSION = /\s*(\w*)=(?!=)/y;

/** Reads the mustache at an offset, `{{{…}}}` when three braces open and close it; undefined when it is never closed. */
export function readTag(text: string, start: number): Tag | undefined {
  COMMENT.lastIndex = start;
  const comment = COMMENT.exec(text)?.[0];
  if (comment !== undefined) {
    const end = start + comment.length;
    return { start, end, raw: false, trimLeft: false, trimRight: false, sigil: '!', body: '', bodyStart: end };
  }
  OPEN.lastIndex = start;
  const [opening = '', braces = '', tilde = '', word = ''] = OPEN.exec(text) ?? [];
  if (opening === '') return undefined;
  const sigil = word.trim();
  const head = start + opening.length;
  EXPRESSION.lastIndex = head;
  const expression = sigil === '' || sigil === '#' || sigil === 'else' ? EXPRESSION.exec(text) : null;
  const isExpression = expression !== null && (sigil !== '' || expression[1] === '');
  const bodyStart = isExpression ? head + expression[0].length : head;
  const bodyEnd = isExpression ? expressionEnd(text, bodyStart) : plainEnd(text, bodyStart);
  if (bodyEnd === undefined) return undefined;
  const trimRight = text[bodyEnd] === '~';
  const end = bodyEnd + (trimRight ? 1 : 0) + braces.length;
  if (!text.startsWith('}'.repeat(braces.length), end - braces.length)) return undefined;
  const body = text.slice(bodyStart, bodyEnd);
  const tag = { start, end, raw: braces.length === 3, trimLeft: tilde !== '', trimRight, sigil, body, bodyStart };
  return isExpression ? { ...tag, expressionOf: expression[1] ?? '' } : tag;
}

const PLAIN = /(?<!\w)(?:"(?:\\"|[^"])*"|'(?:\\'|[^'])*')|\[(?:\\\]|[^\]}])*\]|~?\}\}|[\s\S]/y;

/** The `}}` that closes a plain mustache; braces in its strings and brackets do not. A quote within a word is an apostrophe. */
function plainEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at = PLAIN.lastIndex) {
    PLAIN.lastIndex = at;
    const piece = PLAIN.exec(text)?.[0];
    if (piece === '}}' || piece === '~}}') return at;
  }
  return undefined;
}
