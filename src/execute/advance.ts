import { omitted } from '../functions/omitted.ts';
import type { Fields, Value } from '../model/value.ts';
import { isPlannedBlock, type PlannedTask } from '../plan/planned.ts';
import type { Group } from '../render/render-group.ts';
import { NotKnown, NotYet } from '../render/scope.ts';
import { afterEnd, behind, type Cursor, type Frame, into, nodeAt } from './cursor.ts';
import { enterAgain, enterBlock, tell } from './enter.ts';
import type { Walk } from './walk.ts';

/** What stands next: a task, something to tell about a block, a failure that comes up again, or nothing. */
export type Next =
  | { kind: 'task'; planned: PlannedTask; cursor: Cursor }
  | { kind: 'told'; group: Group; cursor: Cursor; next: Cursor }
  | { kind: 'failed'; cursor: Cursor; failure: Fields }
  | { kind: 'end' };

/**
 * Goes through the beginnings and ends of blocks up to the next task. `ahead`: tasks before it are not done yet. Throws NotYet when the way
 * depends on what only they, or facts, will tell.
 */
export function advance(walk: Walk, from: Cursor, ahead: boolean): Next {
  for (let cursor = from; ; ) {
    walk.at = cursor;
    const node = nodeAt(cursor);
    if (!node) {
      const { frame } = cursor;
      if (!frame || frame.isAlone) return { kind: 'end' };
      const left = leave(walk, frame, ahead);
      if ('kind' in left) return left;
      cursor = left;
      continue;
    }
    if (!isPlannedBlock(node)) return { kind: 'task', planned: node, cursor };
    const entered = enterBlock(node, cursor, walk.viewAt(cursor.frame));
    if ('told' in entered) return { kind: 'told', group: entered.told, cursor, next: behind(cursor) };
    cursor = into(entered.frame);
  }
}

function leave(walk: Walk, frame: Frame, ahead: boolean): Cursor | Next {
  const end = afterEnd(frame);
  if ('failed' in end) return { kind: 'failed', cursor: frame.block, failure: end.failed };
  const isOver = end.cursor.frame === frame.block.frame && end.cursor.at === frame.block.at + 1;
  if (!isOver) return end.cursor;
  const { register } = frame.body.block.task;
  if (register !== undefined && ahead) throw new NotYet('register', register);
  const results = [...(frame.loop?.results ?? []), ...(register === undefined ? [] : [outputsOf(walk, frame)])];
  const again = enterAgain(frame, walk.viewAt(frame.block.frame), results);
  if (again && 'frame' in again) return into(again.frame);
  if (again) return { kind: 'told', group: again.told, cursor: frame.block, next: end.cursor };
  if (register === undefined) return end.cursor;
  return { kind: 'told', group: summedUp(walk, frame, results), cursor: frame.block, next: end.cursor };
}

/** The result of one time through a role; what only the real run gives is told as the task that would give it. */
function outputsOf(walk: Walk, frame: Frame): Fields | NotKnown {
  const { block, outputs } = frame.body;
  const inside = walk.viewAt(frame).scope(block, {});
  const item = frame.loop && { item: frame.loop.items[frame.loop.index] ?? null };
  try {
    const rendered = [...outputs].map(([name, template]): [string, Value] => [name, template.render(inside)]);
    const fields = Object.fromEntries(rendered.filter(([, value]) => value !== omitted));
    return { ...fields, changed: frame.tally.changed, ...item };
  } catch (error) {
    if (error instanceof NotKnown) return error;
    throw error;
  }
}

/** What `register` gets of a role: its outputs, or those of every item. */
function summedUp(walk: Walk, frame: Frame, results: readonly (Fields | NotKnown)[]): Group {
  const { block } = frame.body;
  const view = walk.viewAt(frame.block.frame);
  const unknown = results.find((result) => result instanceof NotKnown);
  if (unknown) return tell(block, view, { status: 'unknown', message: unknown.message });
  const known = results.filter((result): result is Fields => !(result instanceof NotKnown));
  const changed = known.some((result) => result['changed'] === true);
  const fields: Fields = frame.loop ? { results: known } : (known[0] ?? {});
  return tell(block, view, { status: 'result', result: { changed, fields } });
}
