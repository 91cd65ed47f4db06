import { factNames } from '../plan/fact-names.ts';
import type { Group, Item } from '../render/render-group.ts';
import type { RunContext } from './context.ts';
import { HIDDEN } from './no-log.ts';
import type { ItemResult } from './outcome.ts';

/** What `set_fact` and its like give the host the moment it is rendered; in check mode it may be that only the run will give it. */
export function learnFacts({ items, planned, view }: Group): void {
  const { values } = view;
  for (const item of items) {
    if (item.kind !== 'done') continue;
    if (item.result.status === 'unknown') {
      for (const name of factNames(planned)) values.unknown.set(name, planned.task.name);
    }
    if (item.result.status !== 'result') continue;
    for (const [name, value] of Object.entries(item.result.result.facts ?? {})) {
      values.results.set(name, value);
      values.unknown.delete(name);
    }
  }
}

/** What is left behind when an item is done; what was known when it was rendered is there already. */
export function keepFacts(options: {
  run: RunContext;
  /** Whose facts they are. */
  host: string;
  group: Group;
  item: Item;
  result: ItemResult;
}): void {
  const { run, host, group, item, result } = options;
  const { values } = group.view;
  for (const [name, value] of Object.entries(result.facts ?? {})) {
    if (item.kind !== 'done') values.results.set(name, value);
    values.unknown.delete(name);
    const shown = group.planned.noLog ? ({ value: HIDDEN, masked: true } as const) : { value };
    run.emit({ type: 'register', host, name, ...shown, kind: 'set_fact' });
  }
  if (result.status !== 'unknown') return;
  for (const name of factNames(group.planned)) values.unknown.set(name, group.planned.task.name);
}
