import { RE2JS } from 're2js';
import { type ExpressionFunction, FunctionError } from '../functions.ts';

/**
 * The engine's own `matches` runs JavaScript's backtracking matcher, which some patterns stop for ever, and cannot be replaced;
 * so calls of it are rewritten to this name of equal length, which keeps every offset.
 */
export const SAFE_MATCHES = 're2test';

export const matches: ExpressionFunction = {
  name: 'matches',
  summary: 'Whether a regular expression (RE2 syntax, linear time) is found in the text.',
  overloads: {
    [`string.${SAFE_MATCHES}(string): bool`]: (text: string, pattern: string) => compileRegex(pattern).test(text),
  },
  examples: [
    { expression: '"nginx-1.24.0".matches("^nginx-[0-9.]+$")', result: true },
    { expression: '"apache".matches("nginx")', result: false },
  ],
};

/** Compiles an RE2 pattern; throws FunctionError with the reason. */
export function compileRegex(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error));
  }
}
