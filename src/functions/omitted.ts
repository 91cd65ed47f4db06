import type { Value } from '../model/value.ts';

/** In JSON it is nothing; in the words of an error it has its name. */
const words = Object.create(null, {
  toJSON: { value: () => undefined },
  toString: { value: () => 'omit' },
}) as object;

/**
 * What the name `omit` stands for: the parameter whose whole value it is counts as not given. It is known by its identity, and stands only where
 * a whole value can: a key or an item that is `omit` is left out as soon as its mapping or list is made.
 */
export const omitted: Value = Object.freeze(Object.create(words) as { [key: string]: Value });
