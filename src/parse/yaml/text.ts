import type { Span } from '../../model/span.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { LIMITS } from './limits.ts';

/** Control characters that YAML does not allow in a file, a carriage return that ends no line, and unpaired surrogates. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]|\r(?!\n)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** U+FFFD: what a decoder puts where bytes were not UTF-8. */
const REPLACEMENT = '\ufffd';

/** Takes a byte order mark away; everything after it is counted from the text without it. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** What makes a text unfit to be read as YAML at all: its size, its lines, its encoding, control characters (the first few). */
export function textProblems(file: string, text: string): Problem[] {
  const span = (start: number, length: number): Span => ({ file, start, end: start + length });
  if (text.length > LIMITS.bytes || Buffer.byteLength(text) > LIMITS.bytes) {
    return [problem('E_YAML_TOO_BIG', { what: 'bytes', limit: LIMITS.bytes }, span(0, 0))];
  }
  if (lineBreaks(text) > LIMITS.lines) {
    return [problem('E_YAML_TOO_BIG', { what: 'lines', limit: LIMITS.lines }, span(0, 0))];
  }
  const problems: Problem[] = [];
  const replaced = text.indexOf(REPLACEMENT);
  if (replaced !== -1) problems.push(problem('E_YAML_ENCODING', {}, span(replaced, 1)));
  for (const match of text.matchAll(FORBIDDEN)) {
    const code = match[0].charCodeAt(0);
    const char = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    problems.push(problem('E_YAML_CONTROL', { char }, span(match.index, match[0].length)));
    if (problems.length === 5) break;
  }
  return problems;
}
