import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { controllerPath as pathOf } from '../controller-path.ts';
import { defineFunction, FunctionError } from '../function.ts';

export const fileglob = defineFunction({
  name: 'fileglob',
  summary: 'The files of one folder on the controller whose names fit a pattern, in their order, as absolute paths.',
  params: { pattern: { kind: 'text', about: 'a path whose last part may hold `*`, `?` and `[a-z]`' } },
  result: 'list',
  call: ({ pattern }, context) => {
    const path = pathOf(pattern, context);
    const folder = dirname(path);
    if (/[*?[]/.test(folder)) throw new FunctionError('only the last part of the path may hold *, ? and [ ]');
    const fits = nameTest(basename(path));
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && fits(entry.name))
        .map((entry) => join(folder, entry.name))
        .sort();
    } catch {
      return [];
    }
  },
  examples: [{ args: ['/no/such/folder/*.conf'], result: [] }],
  alsoCalled: ['glob', 'with_fileglob', 'find_files'],
});

/** POSIX, "Pattern Matching Notation": a name that begins with a dot fits only a pattern that does. Linear: at most one star is open. */
function nameTest(pattern: string): (name: string) => boolean {
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
    if (name.startsWith('.') && !pattern.startsWith('.')) return false;
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
