import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Difference } from './compare.ts';
import type { LeftOut } from './pairs.ts';

/** A difference that is meant, from `differences.yml`. */
export interface Known {
  module: string;
  /** Names of pairs, or `all`: wherever it shows. */
  pairs: string[] | 'all';
  /** What differs, as it is printed. Each has to show in each of the pairs, with `all` in one at least. */
  differs: string[];
  /** For people who come from Ansible: what play does instead, and why. */
  why: string;
}

/** A pair that was compared. */
export interface Compared {
  module: string;
  pair: string;
  differences: Difference[];
}

/** Reads the differences that are meant. */
export function readKnown(root: string): Known[] {
  return read(root, 'differences.yml') as Known[];
}

/** Reads which modules are not compared, and why. */
export function readLeftOut(root: string): LeftOut[] {
  return read(root, 'left-out.yml') as LeftOut[];
}

/** Leaves out what a module does everywhere, and says it in a line each. */
export function apartFromEverywhere(
  known: readonly Known[],
  compared: readonly Compared[],
): { rest: Compared[]; everywhere: string[] } {
  const general = known.filter(({ pairs }) => pairs === 'all');
  const isGeneral = (module: string, what: string): boolean =>
    general.some((entry) => entry.module === module && entry.differs.includes(what));
  const rest = compared.map((one) => ({
    ...one,
    differences: one.differences.filter(({ what }) => !isGeneral(one.module, what)),
  }));
  const everywhere = general.flatMap(({ module, differs }) =>
    differs.flatMap((what) => {
      const count = compared.filter(
        (one) => one.module === module && one.differences.some((difference) => difference.what === what),
      ).length;
      return count === 0 ? [] : [`  ${module}: ${what}, in ${count} pairs`];
    }),
  );
  return { rest, everywhere };
}

function read(root: string, name: string): unknown {
  return parse(readFileSync(join(root, 'test/agreement', name), 'utf8')) ?? [];
}

/** Sorts what was found into what is meant and what is not, and names what is meant and was not found. */
export function judge(
  known: readonly Known[],
  compared: readonly Compared[],
): { unexplained: Compared[]; explained: number; gone: string[] } {
  const isKnown = (module: string, pair: string, what: string): boolean =>
    known.some(
      (entry) =>
        entry.module === module &&
        (entry.pairs === 'all' || entry.pairs.includes(pair)) &&
        entry.differs.includes(what),
    );
  const unexplained = compared.flatMap((one) => {
    const differences = one.differences.filter(({ what }) => !isKnown(one.module, one.pair, what));
    return differences.length > 0 ? [{ ...one, differences }] : [];
  });
  const differing = compared.filter((one) => one.differences.length > 0);
  const shows = (module: string, what: string, pair?: string): boolean =>
    compared.some(
      (one) =>
        one.module === module &&
        (pair === undefined || one.pair === pair) &&
        one.differences.some((difference) => difference.what === what),
    );
  const modules = new Set(compared.map(({ module }) => module));
  const gone = known
    .filter(({ module }) => modules.has(module))
    .flatMap(({ module, pairs, differs }) =>
      differs.flatMap((what) => {
        if (pairs === 'all') return shows(module, what) ? [] : [`${module}: ${what}`];
        return pairs.filter((pair) => !shows(module, what, pair)).map((pair) => `${module}: ${pair}: ${what}`);
      }),
    );
  return { unexplained, explained: differing.length - unexplained.length, gone };
}
