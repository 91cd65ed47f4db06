import type { Become } from '../model/playbook.ts';
import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';

/** What a task has from its play and from the blocks, files and roles around it. Its own word wins. */
export interface Outer {
  become?: Become;
  tags: readonly string[];
  env?: Located<Fields>;
  ignoreErrors?: boolean;
  checkMode?: boolean;
  delegateTo?: Located<string>;
  runOnce?: 'batch' | 'play';
  throttle?: number;
  noLog?: boolean;
  /** Parameters that tasks have unless they say otherwise, by module. */
  defaults: ReadonlyMap<string, Located<Fields>>;
  handlers: HandlerNames;
}

/** The names by which handlers can be notified, those of the role first. */
export interface HandlerNames {
  names: readonly string[];
  up?: HandlerNames;
}

/** Two mappings as one, in which the entries of `inner` win; each entry keeps its place. */
export function merged(outer: Located<Fields> | undefined, inner: Located<Fields>): Located<Fields> {
  if (!outer) return inner;
  return {
    value: { ...outer.value, ...inner.value },
    locate: (path = [], side = 'value') => {
      const [first] = path;
      const isOuter = first !== undefined && !Object.hasOwn(inner.value, first) && Object.hasOwn(outer.value, first);
      return (isOuter ? outer : inner).locate(path, side);
    },
  };
}
