import type { ExpressionCompiler } from '../expr/compile.ts';
import type { Expression } from '../expr/expression.ts';
import { type Place, placeWithin } from '../expr/place.ts';
import { tokens } from '../expr/tokens.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type Canonical, canonical as startCanonical } from './canonical.ts';
import { jinjaStatements } from './jinja-statements.ts';
import type { Node, PathOperand } from './nodes.ts';
import { writePlain } from './plain-tag.ts';
import { readTag } from './read-tag.ts';
import type { Tag } from './tag.ts';

/** An expression that stands in text. */
export interface EmbeddedExpression {
  expression: Expression;
  /** Offset of its text in the template. */
  from: number;
  /** It uses @index, @key, @first or @last, written `_index` … in the compiled text. */
  usesLoopData: boolean;
}

/** Author text made ready for the Handlebars parser. */
export interface Scanned {
  canonical: Canonical;
  expressions: EmbeddedExpression[];
  problems: Problem[];
  /** The tree itself, where every mustache is just a name with fields: most are, and the parser is slow. */
  simple: Node[] | undefined;
}

/** What scanning needs. */
export interface ScanOptions {
  place: Place;
  /** Undefined when the engine was not loaded; then text with expressions is a bug of the caller. */
  expressions: ExpressionCompiler | undefined;
}

/** Finds every mustache, replaces expressions by numbered calls, and reports all that can be known to be wrong before parsing. */
export function scan(text: string, options: ScanOptions): Scanned {
  const state: State = {
    ...options,
    source: text,
    canonical: startCanonical(text),
    found: [],
    problems: [],
    open: [],
    simple: [],
  };
  let from = 0;
  for (;;) {
    const next = text.indexOf('{{', from);
    const until = next === -1 ? text.length : next;
    const content = text.slice(from, until);
    const slashes = next === -1 ? 0 : trailingBackslashes(content);
    state.problems.push(...jinjaStatements(content, placeWithin(options.place, from)));
    addContent(state, slashes > 0 ? content.slice(0, -1) : content, from);
    if (next === -1) break;
    if (slashes === 1) {
      // `\{{` is text, however many braces there are.
      from = next + (/^\{+/.exec(text.slice(next))?.[0].length ?? 2);
      addContent(state, text.slice(next, from), next);
      continue;
    }
    from = mustache(state, next);
    if (from === -1) break;
  }
  for (const block of state.open) state.problems.push(unclosed(state, block, `{{/${block.name}}}`));
  const { canonical, found, problems, simple } = state;
  return { canonical, expressions: found, problems, simple };
}

function addContent(state: State, text: string, from: number): void {
  state.canonical.content(text, from);
  if (text !== '') state.simple?.push({ kind: 'text', text, range: { start: from, end: from + text.length } });
}

interface State extends ScanOptions {
  source: string;
  canonical: Canonical;
  found: EmbeddedExpression[];
  problems: Problem[];
  open: { name: string; start: number; end: number }[];
  simple: Node[] | undefined;
}

/** As in Handlebars: `\{{` is text, `\\{{` is a backslash before a mustache. */
function trailingBackslashes(content: string): number {
  if (content.endsWith('\\\\')) return 2;
  return content.endsWith('\\') ? 1 : 0;
}

/** Handles the mustache at an offset and gives the offset after it; -1 when it is never closed. */
function mustache(state: State, start: number): number {
  const { source, problems, place } = state;
  const tag = readTag(source, start);
  if (!tag) {
    if (source.startsWith('{{{', start)) {
      // `{{{key}}: 1}`: a brace that is text, then a mustache.
      addContent(state, '{', start);
      return mustache(state, start + 1);
    }
    problems.push(problem('E_TEXT_UNCLOSED', { what: '{{', close: '}}' }, place(start, start + 2)));
    state.open.length = 0;
    return -1;
  }
  const path = simplePath(tag);
  if (path) state.simple?.push({ kind: 'value', operand: path, raw: tag.raw, range: { start, end: tag.end } });
  else state.simple = undefined;
  const unsupported = notSupported(tag, source);
  if (unsupported) problems.push(problem('E_TEXT_UNSUPPORTED', unsupported, place(tag.start, tag.end)));
  else if (tag.sigil === '!') state.canonical.verbatim(source.slice(tag.start, tag.end), tag.start);
  else {
    blocks(state, tag);
    write(state, tag);
  }
  return tag.end;
}

/** `{{ app.name }}`, outside of blocks (inside of them there is no simple tree). */
function simplePath(tag: Tag): PathOperand | undefined {
  const written = tag.body.trim();
  if (tag.sigil !== '' || tag.expressionOf !== undefined || tag.trimLeft || tag.trimRight) return undefined;
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(written) || /(?:^|\.)this\b/.test(written)) return undefined;
  if (/^(?:true|false|null|undefined|else)$/.test(written)) return undefined;
  const start = tag.bodyStart + tag.body.indexOf(written);
  const range = { start, end: start + written.length };
  return { kind: 'path', written, parts: written.split('.'), depth: 0, scoped: false, data: false, range };
}

function notSupported(tag: Tag, source: string): { what: string; advice: string } | undefined {
  if (source.startsWith('{{{{', tag.start)) {
    return { what: 'four braces', advice: 'for braces that are only text, write \\{{' };
  }
  if (tag.sigil === '>' || tag.sigil === '#>') {
    return { what: 'a partial', advice: 'put the text into a variable, or use a template file of its own' };
  }
  if (tag.sigil === '*' || tag.sigil === '#*') return { what: 'a decorator', advice: 'use a variable' };
  if (tag.sigil === '&') return { what: '{{& }}', advice: 'text is never escaped: write {{name}}' };
  return undefined;
}

/** Blocks in blocks; the tree is walked recursively. */
const DEEPEST = 50;

/** Checks that blocks open and close in pairs. */
function blocks({ open, problems, place }: State, tag: Tag): void {
  const name = tag.expressionOf || (/^\s*([^\s}]*)/.exec(tag.body)?.[1] ?? '');
  const at = place(tag.start, tag.end);
  if (tag.sigil === '#' || (tag.sigil === '^' && name !== '')) {
    open.push({ name, start: tag.start, end: tag.end });
    if (open.length === DEEPEST + 1)
      problems.push(problem('E_TEXT_SYNTAX', { detail: 'blocks are too deeply nested', advice: undefined }, at));
  } else if (tag.sigil === 'else' || tag.sigil === '^') {
    if (open.length === 0) problems.push(problem('E_TEXT_CLOSE', { found: '{{else}}' }, at));
  } else if (tag.sigil === '/') {
    const block = open.at(-1);
    if (block?.name === name) open.pop();
    else if (open.some((one) => one.name === name)) {
      problems.push(problem('E_TEXT_CLOSE', { found: `{{/${name}}}`, expected: `{{/${block?.name}}}` }, at));
      while (open.pop()?.name !== name);
    } else problems.push(problem('E_TEXT_CLOSE', { found: `{{/${name}}}` }, at));
  }
}

function unclosed({ place }: State, block: { name: string; start: number; end: number }, close: string): Problem {
  return problem('E_TEXT_UNCLOSED', { what: `{{#${block.name}}}`, close }, place(block.start, block.end));
}

/** Writes a tag for the parser. */
function write(state: State, tag: Tag): void {
  const { canonical: out, source } = state;
  const braces = tag.raw ? 3 : 2;
  const head = tag.start + braces + (tag.trimLeft ? 1 : 0);
  out.verbatim(source.slice(tag.start, head), tag.start);
  const tail = (): void => {
    out.verbatim(source.slice(tag.bodyStart + tag.body.length, tag.end), tag.bodyStart + tag.body.length);
  };
  if (tag.expressionOf === undefined) {
    out.verbatim(source.slice(head, tag.bodyStart), head);
    const inItem = state.open.some((block) => block.name === 'each' || block.name === 'with');
    const empty = tag.body.trim() === '' && (tag.sigil === 'else' || tag.sigil === '^');
    const foreign = empty ? undefined : writePlain(tag, out, { ...state, inItem });
    if (foreign) state.problems.push(foreign);
    tail();
    return;
  }
  // `{{#each= list as |item|}}`: what follows the expression stays Handlebars'.
  const params = tag.sigil === '' ? '' : (/\sas\s+\|[^|]*\|\s*$/.exec(tag.body)?.[0] ?? '');
  const text = tag.body.slice(0, tag.body.length - params.length);
  const end = tag.bodyStart + text.length;
  const call = `${out.secret} ${state.found.length}`;
  const keyword = { '': call, '#': `#${tag.expressionOf} (${call})`, else: `else ${tag.expressionOf} (${call})` }[
    tag.sigil
  ];
  out.instead(keyword ?? call, head, end);
  out.verbatim(params, end);
  embed(state, text, tag.bodyStart);
  tail();
}

function embed(state: State, text: string, from: number): void {
  if (!state.expressions) throw new Error('the expression engine was not loaded before text that needs it');
  const loopData = tokens(text).filter(
    (token) => token.text === '@' && /^@(?:index|key|first|last)\b/.test(text.slice(token.start)),
  );
  const readable = loopData.reduce((all, { start }) => `${all.slice(0, start)}_${all.slice(start + 1)}`, text);
  const { expression, problems } = state.expressions.compile(readable, placeWithin(state.place, from));
  state.problems.push(...problems);
  // A number is used up either way, so that the calls and the expressions keep in step.
  const nothing = { text, references: [], type: 'dyn', evaluate: () => null, proves: () => [] };
  state.found.push({ expression: expression ?? nothing, from, usesLoopData: loopData.length > 0 });
}
