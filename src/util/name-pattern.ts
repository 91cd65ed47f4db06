/**
 * Whether names fit a pattern of `*`, `?` and `[a-z]` (POSIX, "Pattern Matching Notation"), a dot at the start being no exception.
 * Linear in all but odd cases: at most one star is open.
 */
export function nameTest(pattern: string): (name: string) => boolean {
  const steps = pattern.match(/\[[!^]?\]?[^\]]*\]|[\s\S]/gu) ?? [];
  const one = (step: string | undefined, letter: string): boolean => {
    if (step === '?' || step === letter) return true;
    const [, not, set] = /^\[([!^]?)(.+)\]$/u.exec(step ?? '') ?? [];
    if (set === undefined) return false;
    const ranges = set.match(/[\s\S]-[\s\S]|[\s\S]/gu) ?? [];
    const inside = ranges.some((range) =>
      [...range].length === 3 ? (range[0] ?? '') <= letter && letter <= (range.at(-1) ?? '') : range === letter,
    );
    return inside !== (not !== '');
  };
  return (name) => {
    const letters = [...name];
    let [at, step, star, mark] = [0, 0, -1, 0];
    while (at < letters.length) {
      if (steps[step] === '*') [star, mark, step] = [step, at, step + 1];
      else if (one(steps[step], letters[at] ?? '')) [at, step] = [at + 1, step + 1];
      else if (star >= 0) [at, step, mark] = [mark + 1, star + 1, mark + 1];
      else return false;
    }
    while (steps[step] === '*') step += 1;
    return step === steps.length;
  };
}
