import { similar } from '../util/similar.ts';

/** Longer words are no typos of names, and comparing them costs more than it helps. */
const LONGEST = 80;

/** The name that a word is probably a typo of, or undefined. */
export function nearName(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  return similar(
    word,
    [...candidates].filter((candidate) => candidate.length <= LONGEST),
  );
}
