import type { Sources } from '../model/span.ts';
import { certainFix } from './certain-fix.ts';
import { arranged } from './order.ts';
import { type Problem, sentence } from './problem.ts';

/** A file with its mistakes mended, and what was done. */
export interface MendedFile {
  file: string;
  text: string;
  changes: { start: number; code: string; message: string; before: string; after: string }[];
}

/** Applies the fixes of problems to the texts they were found in. Of two that overlap only the first is applied. */
export function applyFixes(problems: readonly Problem[], sources: Sources): MendedFile[] {
  const files = new Map<string, { start: number; end: number; text: string; one: Problem }[]>();
  for (const one of arranged(problems, sources)) {
    const fix = certainFix(one, sources);
    if (!fix) continue;
    const { file, start, end } = fix.at;
    const fixes = files.get(file) ?? [];
    files.set(file, fixes);
    if (fixes.every((each) => end <= each.start || each.end <= start)) fixes.push({ start, end, text: fix.text, one });
  }
  return [...files].flatMap(([file, fixes]) => {
    const source = sources.get(file);
    if (source === undefined) return [];
    let text = source;
    for (const { start, end, text: after } of fixes.toSorted((a, b) => b.start - a.start)) {
      text = text.slice(0, start) + after + text.slice(end);
    }
    const changes = fixes.map(({ start, end, text: after, one }) => {
      return { start, code: one.code, message: sentence(one).message, before: source.slice(start, end), after };
    });
    return [{ file, text, changes }];
  });
}
