/** The words for one code: what is wrong, what to do next, and which exit code it leads to (docs/exit-codes.md). */
export interface Words<F> {
  exit: number;
  say(facts: F): string;
  hint?(facts: F): string | undefined;
}

/** Names the facts a code needs: `words<{ name: string }>({ … })`. */
export function words<F>(entry: Words<F>): Words<F> {
  return entry;
}

/** `did you mean "x"?`, when there is a near name. */
export function didYouMean(similar: string | undefined): string | undefined {
  return similar === undefined ? undefined : `did you mean "${similar}"?`;
}
