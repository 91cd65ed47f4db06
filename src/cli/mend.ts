import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Sources } from '../model/span.ts';
import { applyFixes } from '../problems/fixes.ts';
import { linesOf } from '../problems/lines.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { cleanText } from '../util/clean-text.ts';
import { fileReason } from '../util/errno.ts';

/** Writes what has one certain fix into the files; gives a line for each change. Throws ProblemError when a file cannot be written. */
export function mend(problems: readonly Problem[], options: { sources: Sources; cwd: string }): string[] {
  return applyFixes(problems, options.sources).flatMap(({ file, text, changes }) => {
    try {
      writeFileSync(resolve(options.cwd, file), text);
    } catch (error) {
      throw new ProblemError(problem('E_FIX_NOT_WRITTEN', { path: file, reason: fileReason(error) }));
    }
    const lines = linesOf(options.sources.get(file) ?? '');
    return changes.map(({ start, before, after }) => {
      return `${file}:${lines.at(start).line}: ${cleanText(before)} → ${cleanText(after)}`;
    });
  });
}
