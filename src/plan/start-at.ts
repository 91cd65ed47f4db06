import type { Node } from '../model/playbook.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';

/** What `--start-at` leaves out: everything in front of the first task or block with a name. */
export interface Start {
  /** Whether it has come to a node. Nodes are asked for in the order of the text. */
  reached(node: Node): boolean;
  /** After all nodes: that nothing has the name. */
  problems(): Problem[];
}

/** Starts at a name; undefined: at the beginning. */
export function startingAt(name: string | undefined): Start {
  let isReached = name === undefined;
  const seen = new Set<string>();
  return {
    reached(node) {
      seen.add(node.name);
      isReached ||= node.name === name;
      return isReached;
    },
    problems() {
      if (isReached || name === undefined) return [];
      return [problem('E_START_UNKNOWN', { name, similar: similar(name, seen) })];
    },
  };
}
