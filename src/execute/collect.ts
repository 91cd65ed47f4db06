import type { ControllerResult } from '../model/module.ts';
import { factNames } from '../plan/fact-names.ts';
import type { PlannedTask } from '../plan/planned.ts';
import { type Group, type Item, renderGroup } from '../render/render-group.ts';
import { NotYet } from '../render/scope.ts';
import { advance, type Next } from './advance.ts';
import { behind, type Cursor } from './cursor.ts';
import { learnFacts } from './learn-facts.ts';
import { refuseUnplanned } from './refuse-unplanned.ts';
import type { Walk } from './walk.ts';

/** Tasks that go to a host together. */
export interface Collected {
  groups: Group[];
  /** Where it goes on when all of them went well. */
  next: Cursor;
  /** The first one asks for facts. */
  facts: boolean;
  /** The first one, as it turned out, goes back and forth with the host and has to stand alone. */
  alone?: { planned: PlannedTask; cursor: Cursor };
}

/**
 * Renders tasks until one needs what is not known yet or must not go with those before it. The first is taken whatever `apart` says of it.
 */
export async function collect(walk: Walk, from: Cursor, apart: (planned: PlannedTask) => boolean): Promise<Collected> {
  const groups: Group[] = [];
  let cursor = from;
  for (;;) {
    let next: Next;
    let group: Group;
    try {
      next = advance(walk, cursor, groups.length > 0);
      if (next.kind === 'end' || next.kind === 'failed') break;
      if (next.kind === 'task' && groups.length > 0 && apart(next.planned)) break;
      group = next.kind === 'told' ? next.group : await renderGroup(next.planned, walk.viewAt(next.cursor.frame));
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      if (groups.length === 0 && error.what === 'facts') return { groups, next: cursor, facts: true };
      break;
    }
    if (group.items.some(({ kind }) => kind === 'controller')) {
      if (groups.length > 0) break;
      return { groups, next: cursor, facts: false, alone: { planned: group.planned, cursor: next.cursor } };
    }
    groups.push(group);
    walk.places.set(group, next.cursor);
    takeKnown(group);
    refuseUnplanned(walk.run, group);
    cursor = next.kind === 'told' ? next.next : behind(next.cursor);
    if (group.planned.failedWhen.length > 0 || group.planned.task.parse) break;
    const failed = group.items.some((item) => item.kind === 'done' && failedResult(item));
    if (failed && !group.planned.task.ignoreErrors) break;
  }
  return { groups, next: cursor, facts: false };
}

/** What is known the moment a task is rendered: the facts it sets, and that a register or facts are still to come. */
function takeKnown(group: Group): void {
  learnFacts(group);
  const { planned, view, items } = group;
  const { register } = planned.task;
  if (register !== undefined) view.values.pending.add(register);
  if (items.some(({ kind }) => kind === 'step')) for (const name of factNames(planned)) view.values.pending.add(name);
}

function failedResult(item: Item & { kind: 'done' }): boolean {
  const { result } = item;
  return (
    result.status === 'failed' ||
    (result.status === 'result' && (result.result as ControllerResult).failed !== undefined)
  );
}
