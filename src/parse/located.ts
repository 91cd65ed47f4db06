import type { Located } from '../model/span.ts';

/** A part of a located value that keeps its places: `within(task, ['copy'], task.value.copy)`. */
export function within<T>(parent: Located<unknown>, path: readonly (string | number)[], value: T): Located<T> {
  return { value, locate: (rest = [], side = 'value') => parent.locate([...path, ...rest], side) };
}
