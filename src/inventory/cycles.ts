import { type Problem, problem } from '../problems/problem.ts';
import type { GroupDraft } from './draft.ts';

/**
 * Finds groups that contain themselves and takes the edge that closes each circle out, so that later stages always end.
 * One problem per circle: a → b → a, at the place that closes it.
 */
export function breakCycles(groups: ReadonlyMap<string, GroupDraft>): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  const path: string[] = [];

  const visit = (name: string): void => {
    const group = groups.get(name);
    if (!group || done.has(name)) return;
    path.push(name);
    for (const [child, at] of [...group.children]) {
      const start = path.indexOf(child);
      if (start < 0) visit(child);
      else {
        problems.push(problem('E_GROUP_CYCLE', { cycle: [...path.slice(start), child] }, at));
        group.children.delete(child);
      }
    }
    path.pop();
    done.add(name);
  };
  for (const name of groups.keys()) visit(name);
  return problems;
}
