import type { Group } from '../render/render-group.ts';

/** What `set_fact` gives the host the moment it is rendered; in check mode it may be that only the run will give it. */
export function learnFacts({ items, planned, view }: Group): void {
  const { values } = view;
  for (const item of items) {
    if (item.kind !== 'done') continue;
    if (item.result.status === 'unknown' && planned.task.module === 'set_fact') {
      for (const name of Object.keys(planned.task.args.value)) values.unknown.set(name, planned.task.name);
    }
    if (item.result.status !== 'result') continue;
    for (const [name, value] of Object.entries(item.result.result.facts ?? {})) {
      values.results.set(name, value);
      values.unknown.delete(name);
    }
  }
}
