import { fromJinja, functionOfFilter } from '../expr/jinja.ts';
import type { Place } from '../expr/place.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Canonical } from './canonical.ts';
import type { Tag } from './tag.ts';

const PIECE = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'|as\s+\|[^|]*\||\|\||&&|[=!<>]=|[\s\S]/g;
const INDEX = /\[\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\d+))\s*\]/y;

/** What a mustache is judged by. */
export interface Surroundings {
  place: Place;
  /** Inside `{{#each}}` or `{{#with}}`, where `.` is the item. */
  inItem: boolean;
}

/**
 * Writes the inside of a plain mustache for Handlebars: `a["b"]` and `a[0]` become `a.[b]` and `a.[0]`.
 * What is Jinja, Go or an expression is a problem that shows the line to write.
 */
export function writePlain(tag: Tag, out: Canonical, surroundings: Surroundings): Problem | undefined {
  const foreign = foreignProblem(tag, surroundings);
  if (foreign) return foreign;
  const { body, bodyStart } = tag;
  for (let at = 0; at < body.length; ) {
    INDEX.lastIndex = at;
    const index = /[\w\])$]/.test(body[at - 1] ?? '') ? INDEX.exec(body) : null;
    if (index) {
      const key = (index[1] ?? index[2] ?? index[3] ?? '').replace(/\\(.)/g, '$1');
      out.instead(`.[${key.replace(/[\\\]]/g, '\\$&')}]`, bodyStart + at, bodyStart + at + index[0].length);
      at += index[0].length;
      continue;
    }
    PIECE.lastIndex = at;
    const piece = PIECE.exec(body)?.[0] ?? '';
    out.verbatim(piece, bodyStart + at);
    at += piece.length;
  }
  return undefined;
}

function foreignProblem(tag: Tag, { place, inItem }: Surroundings): Problem | undefined {
  const { body, bodyStart, sigil } = tag;
  const inside = body.trim();
  const at = place(bodyStart + body.indexOf(inside), bodyStart + body.indexOf(inside) + inside.length);
  if (inside === '')
    return problem('E_TEXT_SYNTAX', { detail: 'these braces hold nothing', advice: EMPTY }, place(tag.start, tag.end));
  if (sigil === '' && isGo(inside, inItem)) return problem('E_TEXT_GO', { found: `{{${body}}}` }, at);
  const open = sigil === '' ? '{{' : sigil === '#' ? `{{#${inside.split(/\s/)[0]}` : '{{else ';
  const expression = sigil === '#' || sigil === 'else' ? inside.replace(/^\S+\s*/, '') : inside;
  const bare = stripped(expression);
  const head = sigil === 'else' ? `{{else ${inside.split(/\s/)[0]}` : open;
  const asExpression = (text: string): string => `${head}= ${text}}}`;
  if (/\|/.test(bare) || /(?:^|\s)(?:is|and|or|not)\s|\sif\s/.test(bare)) {
    const helper = sigil === '' ? asHelper(inside) : undefined;
    const rewritten = fromJinja(expression);
    return problem('E_TEXT_JINJA', { rewritten: helper ?? (rewritten && asExpression(rewritten)) }, at);
  }
  const isExpression = /&&|\|\||[=!<>]=|[?+*<>!%]|\s[-/]\s|\w\(|\[\s*[A-Za-z_]/.test(bare);
  return isExpression ? problem('E_TEXT_EXPRESSION', { rewritten: asExpression(expression) }, at) : undefined;
}

const EMPTY = 'name a variable: {{name}}, or write \\{{ for braces that are only text';

/** The text without what its strings and `as |item|` hold, and without `.[…]` keys, which may hold anything. */
function stripped(body: string): string {
  return body.replace(PIECE, (piece) => (piece.length > 2 ? ' ' : piece)).replace(/(^|[\s.(])\[[^\]]*\]/g, '$1');
}

/** `{{.Names}}`, `{{range .Items}}`, `{{json .}}`. */
function isGo(inside: string, inItem: boolean): boolean {
  if (!inItem && /(?:^|\s)\.$/.test(inside)) return true;
  return /^-?\s*\.[A-Z]\w*|^(?:range|with|if|template|printf|json|else if|index|len|eq)\s+(?:"[^"]*"\s+)?\.[A-Z]/.test(
    inside,
  );
}

/** `x | upper` is `{{upper x}}`, when it is one filter that is a function here. */
function asHelper(inside: string): string | undefined {
  const match = /^([\w.[\]"'-]+)\s*\|\s*(\w+)\s*(?:\(\s*("[^"]*"|'[^']*'|\d+|omit)?\s*\))?$/.exec(inside);
  const filter = match?.[2] && functionOfFilter(match[2]);
  if (!match || !filter) return undefined;
  return `{{${filter} ${match[1]}${match[3] ? ` ${match[3].replace(/^'([^']*)'$/, '"$1"')}` : ''}}}`;
}
