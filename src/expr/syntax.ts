import { type Problem, problem } from '../problems/problem.ts';
import type { EngineFault } from './engine.ts';
import { fromJinja } from './jinja.ts';
import type { Place } from './place.ts';
import { type Token, tokens } from './tokens.ts';

/** Turns a parse fault of the engine into a problem: Jinja and reserved words get the rewritten line. */
export function syntaxProblem(fault: EngineFault, text: string, place: Place): Problem {
  const { start, end } = fault.range ?? { start: 0, end: text.length };
  const all = tokens(text);
  if (fault.code === 'reserved_identifier') {
    return problem('E_EXPR_RESERVED', { name: text.slice(start, end) }, place(start, end));
  }
  const rewritten = fromJinja(text);
  if (rewritten !== undefined && rewritten !== '') {
    const odd = all.find((token) => isJinja(token, text)) ?? { start: 0, end: text.length };
    return problem('E_EXPR_JINJA', { rewritten }, place(odd.start, odd.end));
  }
  const token =
    fault.code === 'invalid_escape_sequence'
      ? all.find((one) => one.kind === 'string' && one.end > start)
      : all.find((one) => one.start >= start);
  const range = token && fault.code !== 'unterminated_string' ? token : { start, end: Math.max(end, start + 1) };
  return problem('E_EXPR_SYNTAX', explain(fault, text, token), place(range.start, range.end));
}

/** `when: '{{x}}'` and `x == "{{y}}"`: valid or not as CEL, never what the author means. */
export function bracesIn(text: string, place: Place): Problem | undefined {
  const odd = /^\s*\{\{/.test(text)
    ? { start: text.indexOf('{{'), end: text.trimEnd().length }
    : tokens(text).find((token) => token.kind === 'string' && /\{\{.*\}\}/.test(token.text));
  const rewritten = odd && fromJinja(text);
  return rewritten === undefined
    ? undefined
    : problem('E_EXPR_BRACES', { rewritten }, place(odd?.start ?? 0, odd?.end ?? 0));
}

function isJinja(token: Token, text: string): boolean {
  if (token.kind === 'name') return /^(?:and|or|not|is|if|else)$/.test(token.text);
  return (token.kind === 'other' && (token.text === '|' || token.text === '~')) || text.startsWith('{{', token.start);
}

const CLOSERS: Record<string, string> = { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':' };

const MISPLACED: Record<string, string> = {
  '@': 'only an expression inside {{#each}} can use @index, @key, @first and @last',
  ',': 'a list is written in brackets: ["a", "b"]',
};

function explain(fault: EngineFault, text: string, token: Token | undefined): { detail: string; advice?: string } {
  if (text.trim() === '') return { detail: 'it is empty' };
  if (fault.code === 'limit_exceeded') return { detail: 'it is too long or too deeply nested' };
  if (/^(?:newline_in|unterminated)/.test(fault.code)) return { detail: 'a string in it is never closed' };
  if (fault.code === 'invalid_escape_sequence') {
    const [, sequence = ''] = /: (.*)$/.exec(fault.summary) ?? [];
    return {
      detail: `${sequence} means nothing in a text`,
      advice: 'for a pattern or a path, write r before the text: r"\\d+"',
    };
  }
  const expected = /^Expected (\w+), got/.exec(fault.summary)?.[1];
  if (!token) {
    const closer = expected && CLOSERS[expected];
    return { detail: closer ? `a ${closer} is missing at its end` : 'it ends too early' };
  }
  if (token.text === '=') return { detail: 'a single = is not an operator', advice: 'to compare, write ==' };
  if (token.text === '&') return { detail: 'a single & is not an operator', advice: 'for "and", write &&' };
  if (token.text === '|') return { detail: 'a single | is not an operator', advice: 'for "or", write ||' };
  if (/^(?:unexpected_|expected_)/.test(fault.code)) {
    const advice = MISPLACED[token.text];
    return { detail: `${token.text} is not expected here`, ...(advice && { advice }) };
  }
  return { detail: fault.summary };
}
