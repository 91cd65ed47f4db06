import { isBlock, type Node, type Playbook } from '../model/playbook.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';

/** What `--tags` and `--skip-tags` say. */
export interface TagChoice {
  only: readonly string[];
  skip: readonly string[];
}

/** Whether a task with these tags runs. Ansible's rules: `always` runs unless skipped by name, `never` only when asked for by name. */
export function runsWithTags(tags: readonly string[], { only, skip }: TagChoice): boolean {
  const has = (list: readonly string[]): boolean => tags.some((tag) => list.includes(tag));
  if (has(skip) || (skip.includes('tagged') && tags.length > 0)) return false;
  if (skip.includes('untagged') && tags.length === 0) return false;
  if (tags.includes('never') && !has(only)) return false;
  if (only.length === 0 || tags.includes('always') || only.includes('all')) return true;
  if (only.includes('tagged') && tags.length > 0) return true;
  if (only.includes('untagged') && tags.length === 0) return true;
  return has(only);
}

const specialTags = ['all', 'always', 'never', 'tagged', 'untagged'];

/** A misspelt tag would run nothing, or run what should have been skipped. */
export function unknownTags(playbook: Playbook, { only, skip }: TagChoice): Problem[] {
  const used = playbook.plays.flatMap((play) => [...play.tags, ...tagsIn(play.nodes)]);
  const known = [...new Set(used)].sort();
  const unknown = (option: string, names: readonly string[]): Problem[] =>
    names
      .filter((name) => !known.includes(name) && !specialTags.includes(name))
      .map((name) => problem('E_TAG_UNKNOWN', { option, name, similar: similar(name, known), tags: known }));
  return [...unknown('--tags', only), ...unknown('--skip-tags', skip)];
}

function tagsIn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) =>
    isBlock(node) ? tagsIn([...node.bodies.flatMap((body) => body.nodes), ...node.rescue, ...node.always]) : node.tags,
  );
}
