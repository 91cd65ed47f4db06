import { type CST, Lexer, Parser } from 'yaml';
import { type Problem, problem } from '../../problems/problem.ts';
import { lineAt, quotedLine } from './fixed.ts';
import { LIMITS } from './limits.ts';

const TAGS = new Set(['!', '!!null', '!!bool', '!!int', '!!float', '!!str', '!!map', '!!seq']);

/** Accepted where encrypted values are. */
export const SECRET_TAG = '!secret';

/** After so many problems in one file nobody reads on. */
const ENOUGH = 20;

/** The lexer announces a scalar by this character; what follows is text and no syntax. */
const SCALAR = '\x1f';

/**
 * Cuts a text into syntax trees, watching while they grow: the library would spend gigabytes on deep nesting,
 * and would read `{{ x }}` as a mapping in a mapping, `%YAML 1.1` as a wish and unknown tags with a warning.
 */
export function readTokens(
  file: string,
  text: string,
  { secrets = false } = {},
): { tokens: CST.Token[]; problems: Problem[] } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: Problem[] = [];
  let lastBrace = -2;
  let values = 0;
  let signs = 0;
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    const at = { file, start, end: start + lexeme.length };
    if (lexeme === SCALAR && !isText) {
      isText = true;
      values++;
    } else if (isText) {
      isText = false;
    } else {
      const first = lexeme[0];
      if (first === '{') {
        values++;
        if (text[start + 1] === '{' && lastBrace !== start - 1) {
          const fixed = quotedLine(text, start, inFlow(parser));
          problems.push(
            problem('E_YAML_BRACES', fixed === undefined ? {} : { fixed }, {
              file,
              start,
              end: endOfBraces(text, start),
            }),
          );
        }
        if (text[start + 1] === '{') lastBrace = start;
      } else if (first === '!' && !TAGS.has(lexeme) && !(secrets && lexeme === SECRET_TAG)) {
        problems.push(problem('E_YAML_TAG', { tag: lexeme.slice(0, 40) }, at));
      } else if (first === '%' && parser.stack.length === 0) {
        problems.push(problem('E_YAML_DIRECTIVE', { directive: lexeme.trim() }, at));
      } else if (first === '"' || first === "'" || first === '[' || first === '*') {
        values++;
      }
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    signs++;
    const tooBig = beyond({ depth: parser.stack.length - 2, values, signs });
    if (tooBig) problems.push(problem('E_YAML_TOO_BIG', { what: tooBig, limit: LIMITS[tooBig] }, at));
    if (tooBig || problems.length === ENOUGH) return { tokens: [], problems };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, problems };
}

function beyond(sizes: { depth: number; values: number; signs: number }): keyof typeof sizes | undefined {
  if (sizes.depth > LIMITS.depth) return 'depth';
  if (sizes.values > LIMITS.values) return 'values';
  return sizes.signs > LIMITS.signs ? 'signs' : undefined;
}

function inFlow(parser: Parser): boolean {
  return parser.stack.some((token) => token.type === 'flow-collection');
}

function endOfBraces(text: string, start: number): number {
  const line = lineAt(text, start);
  const rest = line.text.slice(start - line.start);
  const close = rest.indexOf('}}');
  return start + (close === -1 ? rest.trimEnd().length : close + 2);
}
