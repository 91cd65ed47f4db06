import type { Reference } from '../expr/expression.ts';
import type { Span } from '../model/span.ts';
import type { ValueTemplate } from '../template/text-compiler.ts';

/** A variable on the way from a task to a name. */
export interface Through {
  name: string;
  /** The text that reads the variable. */
  at: Span;
  /** It is a variable of the task itself, and sees what the task sees. */
  ofTask: boolean;
}

/** A name that is no variable: something built in, a result, an item, or nothing at all. */
export interface Leaf {
  reference: Reference;
  /** The variables that lead to it, the one that the task reads first. */
  through: readonly Through[];
}

/** Follows variables down to the names that they need and that no variable gives. */
export interface Follower {
  /** What reading a variable needs in the end; undefined when there is no such variable. `at` is where it is read. */
  follow(name: string, at: Span): readonly Leaf[] | undefined;
  /** Whether there is such a variable. */
  has(name: string): boolean;
}

/** What one layer of variables consists of. */
export interface FollowerOptions {
  find(name: string): ValueTemplate | undefined;
  /** Variables that these see and that do not see these. */
  outer?: Follower;
  ofTask: boolean;
  /**
   * Told of variables that need each other, in the order in which they do; `at` is the text that closes the circle.
   * `guarded`: perhaps it means something else, a field of an item.
   */
  cycle(names: string[], at: Span, guarded: boolean): void;
}

/** Guarded names are not followed: their absence is no mistake. */
export function createFollower({ find, outer, ofTask, cycle }: FollowerOptions): Follower {
  const known = new Map<string, readonly Leaf[]>();
  const trail: string[] = [];

  const leavesOf = (name: string, template: ValueTemplate): readonly Leaf[] => {
    const done = known.get(name);
    if (done) return done;
    trail.push(name);
    const leaves = new Map<Reference, Leaf>();
    for (const reference of template.references) {
      const { root, at, guarded } = reference;
      const closes = trail.includes(root) && find(root) !== undefined;
      if (closes) cycle([...trail.slice(trail.indexOf(root)), root], at, guarded);
      if (closes || guarded) continue;
      for (const leaf of follow(root, at) ?? [{ reference, through: [] }]) leaves.set(leaf.reference, leaf);
    }
    trail.pop();
    const found = [...leaves.values()];
    known.set(name, found);
    return found;
  };

  const follow = (name: string, at: Span): readonly Leaf[] | undefined => {
    const template = find(name);
    if (!template) return outer?.follow(name, at);
    const step = { name, at, ofTask };
    return leavesOf(name, template).map(({ reference, through }) => ({ reference, through: [step, ...through] }));
  };
  const has = (name: string): boolean => find(name) !== undefined || (outer?.has(name) ?? false);
  return { follow, has };
}
