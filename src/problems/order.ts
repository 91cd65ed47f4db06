import type { Sources } from '../model/span.ts';
import { type Problem, sentence } from './problem.ts';

/**
 * Problems as they are told: files in the order they were read, places from top to bottom, those without a place last; equal words at an
 * equal place once.
 */
export function arranged(problems: readonly Problem[], sources: Sources): Problem[] {
  const files = new Map([...sources.keys()].map((file, index) => [file, index]));
  const rank = (one: Problem): number => (one.at ? (files.get(one.at.file) ?? files.size) : files.size + 1);
  const ordered = problems.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.at?.file ?? '').localeCompare(b.at?.file ?? '', 'en') ||
      (a.at?.start ?? 0) - (b.at?.start ?? 0) ||
      (a.at?.end ?? 0) - (b.at?.end ?? 0),
  );
  const seen = new Set<string>();
  return ordered.filter((one) => {
    const key = JSON.stringify([one.code, sentence(one).message, one.at?.file, one.at?.start, one.at?.end]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
