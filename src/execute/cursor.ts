import type { Fields, Value } from '../model/value.ts';
import type { PlannedBody, PlannedNode } from '../plan/planned.ts';
import type { NotKnown, ScopeFrame } from '../render/scope.ts';

/** Where a host stands in the tree of its play. Never changed: to go on is to make another one, so that going ahead can be taken back. */
export interface Cursor {
  readonly nodes: readonly PlannedNode[];
  readonly at: number;
  /** The body around the nodes; none: directly in the play. */
  readonly frame?: Frame;
}

/** One time through a body, or what is done after it. */
export interface Frame {
  readonly body: PlannedBody;
  readonly part: 'body' | 'rescue' | 'always';
  /** The block, where it stands. */
  readonly block: Cursor;
  readonly scope: ScopeFrame;
  /** The id of the block, with the numbers of the items of this one and of those around it. */
  readonly path: string;
  readonly loop?: {
    readonly items: readonly Value[];
    readonly index: number;
    /** What the items before have given to `register`. */
    readonly results?: readonly (Fields | NotKnown)[];
  };
  /** What has failed, when it is to be told again at the end. */
  readonly failure?: Fields;
  /** Whether anything in it has changed the host. */
  readonly tally: { changed: boolean };
  /** For a handler: neither its end nor its failure is that of the body. */
  readonly isAlone?: true;
}

/** What stands at a cursor; undefined at the end of its nodes. */
export function nodeAt({ nodes, at }: Cursor): PlannedNode | undefined {
  return nodes[at];
}

/** The place behind. */
export function behind(cursor: Cursor): Cursor {
  return { ...cursor, at: cursor.at + 1 };
}

/** The beginning of a body. */
export function into(frame: Frame): Cursor {
  return { nodes: frame.body.nodes, at: 0, frame };
}

/** Where a failure leads: into the nearest rescue, or into what is always done on the way there; undefined: nowhere. */
export function afterFailure(cursor: Cursor, failure: Fields): Cursor | undefined {
  for (let frame = cursor.frame; frame && !frame.isAlone; frame = frame.block.frame) {
    const { rescue, always } = frame.body.block;
    if (frame.part === 'body' && rescue.length > 0) {
      const locals = { failed_task: failure['task'] ?? null, failed_result: failure['result'] ?? null };
      const scope = { ...frame.scope, locals: withLocals(frame.scope.locals, locals) };
      return { nodes: rescue, at: 0, frame: { ...frame, part: 'rescue', scope } };
    }
    if (frame.part !== 'always' && always.length > 0) {
      return { nodes: always, at: 0, frame: { ...frame, part: 'always', failure } };
    }
  }
  return undefined;
}

/** Where it goes on at the end of the nodes of a frame; `failed` when something had failed before and nothing has made it good. */
export function afterEnd(frame: Frame): { cursor: Cursor } | { failed: Fields } {
  if (frame.part !== 'always' && frame.body.block.always.length > 0) {
    return { cursor: { nodes: frame.body.block.always, at: 0, frame: { ...frame, part: 'always' } } };
  }
  return frame.failure ? { failed: frame.failure } : { cursor: behind(frame.block) };
}

/** Whether a failure here is made good by a rescue. */
export function isRescued(cursor: Cursor): boolean {
  for (let frame = cursor.frame; frame && !frame.isAlone; frame = frame.block.frame) {
    if (frame.part === 'body' && frame.body.block.rescue.length > 0) return true;
  }
  return false;
}

/** The frames around, the outermost first. */
export function framesOf(frame: Frame | undefined): Frame[] {
  const frames: Frame[] = [];
  for (let each = frame; each; each = each.block.frame) frames.unshift(each);
  return frames;
}

/** The id of a task or block with the numbers of the items around it. */
export function idWithin(id: string, frame: Frame | undefined): string {
  return frame ? frame.path + id.slice(frame.body.block.task.id.length) : id;
}

/** Orders places of a play: earlier ones are smaller, compared number by number. */
export function positionOf(cursor: Cursor): number[] {
  const { frame, at } = cursor;
  if (!frame) return [at];
  const parts = { body: 0, rescue: 1, always: 2 };
  const which = frame.body.block.bodies.indexOf(frame.body);
  return [...positionOf(frame.block), frame.loop?.index ?? 0, parts[frame.part], which, at];
}

/** Own names beside those that are there, whose reading may throw. */
export function withLocals(before: Fields | undefined, more: Fields): Fields {
  const fields = Object.defineProperties({}, Object.getOwnPropertyDescriptors(before ?? {})) as Fields;
  return Object.defineProperties(fields, Object.getOwnPropertyDescriptors(more)) as Fields;
}
