import type { Sources, Span } from '../model/span.ts';

/** A file of an author: where it is, and what it is called in messages. */
export interface AuthorFile {
  path: string;
  shown: string;
}

/** The span of one line (from 1) without its indentation; of the column on it, when that is said (from 1). */
export function lineSpan({ shown }: AuthorFile, sources: Sources, line: number, column?: number): Span {
  const lines = (sources.get(shown) ?? '').split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const text = lines[line - 1] ?? '';
  const end = before + text.trimEnd().length;
  const start =
    before + Math.min(column === undefined ? text.length - text.trimStart().length : column - 1, text.length);
  return { file: shown, start, end: Math.max(column === undefined ? end : start + 1, start) };
}

/** The span of the first place where a text stands; of the first line when it does not. */
export function textSpan(file: AuthorFile, sources: Sources, text: string | RegExp): Span {
  const source = sources.get(file.shown) ?? '';
  const found = typeof text === 'string' ? { index: source.indexOf(text), 0: text } : text.exec(source);
  if (!found || found.index < 0) return lineSpan(file, sources, 1);
  return { file: file.shown, start: found.index, end: found.index + found[0].length };
}

/** The uppermost line of an error's stack that lies in one of these files. Lines are right, columns are not: types have been taken out. */
export function throwPlace(
  error: unknown,
  files: Iterable<AuthorFile>,
): { file: AuthorFile; line: number } | undefined {
  const stack = error instanceof Error || isErrorLike(error) ? (error.stack ?? '') : '';
  let first: { file: AuthorFile; line: number; at: number } | undefined;
  for (const file of files) {
    const at = stack.indexOf(`${file.path}:`);
    if (at < 0 || (first && first.at < at)) continue;
    const line = Number.parseInt(stack.slice(at + file.path.length + 1), 10);
    if (line > 0) first = { file, line, at };
  }
  return first;
}

/** What an error says, in one line. */
export function saidBy(error: unknown): string {
  const text = error instanceof Error || isErrorLike(error) ? error.message : String(error);
  return text.trim().split('\n')[0] || 'an error without a message';
}

function isErrorLike(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
