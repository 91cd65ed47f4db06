import type { Sources, Span } from '../model/span.ts';
import type { Fix } from '../problems/problem.ts';

/**
 * Puts another expression in the place of the YAML scalar at `at` that holds `text` as it is (`at` without its quotes, if it has some).
 * Undefined where the text does not stand there as it is, or the new one fits into no single line.
 */
export function rewriteFix(options: {
  text: string;
  at: Span;
  rewritten: string;
  sources?: Sources | undefined;
}): Fix | undefined {
  const { text, at, rewritten, sources } = options;
  const source = sources?.get(at.file);
  if (source === undefined || source.slice(at.start, at.end) !== text || rewritten.includes('\n')) return undefined;
  const [before, after] = [source[at.start - 1], source[at.end]];
  const isQuoted = (before === '"' || before === "'") && before === after;
  const isPlain = /^[A-Za-z(][^#:{}[\],]*$/.test(rewritten) && rewritten.trim() === rewritten;
  if (!isQuoted && isPlain) return { at, text: rewritten };
  if (isQuoted && !/["'\\]/.test(rewritten)) return { at, text: rewritten };
  const whole = isQuoted ? { ...at, start: at.start - 1, end: at.end + 1 } : at;
  return { at: whole, text: `'${rewritten.replaceAll("'", "''")}'` };
}
