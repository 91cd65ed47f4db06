import { createHash } from 'node:crypto';
import type { FunctionContext } from '../model/function-context.ts';

/** Values that follow from a seed, and cannot be guessed without it. */
export interface Random {
  /** A whole number from 0 up to but without `limit`, all equally likely. `limit` is at most 2^48. */
  below(limit: number): number;
  text(length: number, alphabet: string): string;
  shuffled<T>(list: readonly T[]): T[];
}

/** A stream of bytes, SHA-256 of the seed and a counter, read as numbers. */
export function createRandom(seed: string): Random {
  let block = Buffer.alloc(0);
  let counter = 0;
  const six = (): number => {
    if (block.length < 6) block = createHash('sha256').update(`${seed}\0${counter++}`).digest();
    const value = block.readUIntBE(0, 6);
    block = block.subarray(6);
    return value;
  };
  const below = (limit: number): number => {
    // What is left over at the top would make the low numbers likelier.
    const fair = 2 ** 48 - (2 ** 48 % limit);
    for (;;) {
      const value = six();
      if (value < fair) return value % limit;
    }
  };
  return {
    below,
    text: (length, alphabet) => {
      const letters = [...alphabet];
      return Array.from({ length }, () => letters[below(letters.length)]).join('');
    },
    shuffled: (list) => {
      const all = [...list];
      for (let i = all.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [all[i], all[j]] = [all[j] as (typeof all)[0], all[i] as (typeof all)[0]];
      }
      return all;
    },
  };
}

/** What the values of one function come from: the run and the host, or a seed of the author's, which gives the same in every run. */
export function randomOf(name: string, seed: string | undefined, context: FunctionContext): Random {
  return createRandom(seed === undefined ? `run\0${context.seed}\0${name}` : `seed\0${seed}\0${name}`);
}
