import { omitted } from '../functions/omitted.ts';
import type { ControllerModule } from '../model/module.ts';
import type { Fields, Value } from '../model/value.ts';
import { checkRendered } from '../params/arguments.ts';
import type { PlannedBlock, PlannedBody, PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { loopNames } from '../render/loop-names.ts';
import {
  type Decided,
  decidedByError,
  type Group,
  loopList,
  type RenderContext,
  refOf,
} from '../render/render-group.ts';
import { NotKnown, noValues } from '../render/scope.ts';
import { type Cursor, type Frame, idWithin, withLocals } from './cursor.ts';

/** A block that is gone into, or what is told of one that is not. */
export type Entered = { frame: Frame } | { told: Group };

/**
 * Goes into a block, for the first of the items of its loop for which its `when` holds. Throws NotYet when that takes something that is not
 * known yet.
 */
export function enterBlock(block: PlannedBlock, cursor: Cursor, view: RenderContext): Entered {
  const path = idWithin(block.task.id, cursor.frame);
  if (!block.loop) return enterItem({ block, cursor, view, path, locals: {} });
  let items: Value[];
  try {
    items = loopList(block, view.scope(block, {}));
  } catch (error) {
    return { told: tell(block, view, decidedByError(error)) };
  }
  if (items.length === 0) return { told: tell(block, view, { status: 'skipped', message: 'the loop has no items' }) };
  return enterNext({ block, cursor, view, items, from: 0 });
}

/** Goes into a block again for the next item, with what the items before have given; undefined when there is none. */
export function enterAgain(
  frame: Frame,
  view: RenderContext,
  results: NonNullable<Frame['loop']>['results'],
): Entered | undefined {
  const { loop, body, block: cursor } = frame;
  if (!loop || loop.index + 1 >= loop.items.length) return undefined;
  return enterNext({ block: body.block, cursor, view, items: loop.items, from: loop.index + 1, results });
}

function enterNext(options: {
  block: PlannedBlock;
  cursor: Cursor;
  view: RenderContext;
  items: readonly Value[];
  from: number;
  results?: NonNullable<Frame['loop']>['results'];
}): Entered {
  const { block, cursor, view, items, from, results = [] } = options;
  const [itemName = 'item', indexName = 'index'] = loopNames(block);
  let last: Entered | undefined;
  for (let index = from; index < items.length; index++) {
    const path = `${idWithin(block.task.id, cursor.frame)}/item.${index}`;
    const locals = { [itemName]: items[index] ?? null, [indexName]: index };
    last = enterItem({ block, cursor, view, path, locals, loop: { items, index, results } });
    if ('frame' in last) return last;
  }
  return last ?? { told: tell(block, view, { status: 'skipped', message: 'no item is left' }) };
}

function enterItem(options: {
  block: PlannedBlock;
  cursor: Cursor;
  view: RenderContext;
  path: string;
  locals: Fields;
  loop?: Frame['loop'];
}): Entered {
  const { block, cursor, view, path, locals, loop } = options;
  const scope = view.scope(block, locals);
  try {
    const failing = block.when.find((condition) => !condition.holds(scope));
    if (failing) return { told: tell(block, view, { status: 'skipped', message: `when: ${failing.text}` }, locals) };
    const body = chosen(block, () => block.choice?.renderText(scope));
    const given = withLocals(
      locals,
      argumentsOf(block, (name) => accepted(body, name, block.with.get(name)?.render(scope) ?? null)),
    );
    return {
      frame: {
        body,
        part: 'body',
        block: cursor,
        scope: {
          locals: given,
          vars: body.vars,
          defaults: body.defaults,
          ...(body.body.role && { values: noValues() }),
        },
        path,
        tally: { changed: false },
        ...(loop && { loop }),
      },
    };
  } catch (error) {
    return { told: tell(block, view, decidedByError(error), locals) };
  }
}

/** What `with` gives, worked out at once; what only the real run gives is told to whoever reads it. */
function argumentsOf(block: PlannedBlock, render: (name: string) => Value): Fields {
  const given: Fields = {};
  for (const name of block.with.keys()) {
    try {
      (given as { [name: string]: Value })[name] = render(name);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      Object.defineProperty(given, name, {
        get: () => {
          throw error;
        },
        enumerable: true,
      });
    }
  }
  return given;
}

/** A value for a parameter that the role declares, in its type. Throws ProblemError for one that does not fit. */
function accepted({ params, block, body }: PlannedBody, name: string, value: Value): Value {
  const declaration = params?.find((each) => each.name === name);
  if (!declaration) return value;
  const at = block.task.with?.locate([name]);
  if (value === omitted && declaration.required)
    throw new ProblemError(problem('E_OMIT_NEEDED', { owner: body.name, param: name }, at));
  if (value === omitted) return value;
  const checked = checkRendered(declaration, value, { at });
  if (checked.problem) throw new ProblemError(checked.problem);
  return checked.value;
}

function chosen(block: PlannedBlock, name: () => string | undefined): PlannedBody {
  const wanted = name();
  const found = wanted === undefined ? block.bodies[0] : block.bodies.find(({ body }) => body.name === wanted);
  if (found) return found;
  const { kind, choice } = block.task;
  const known = block.bodies.map(({ body }) => body.name);
  const facts = { kind: kind === 'role' ? 'role' : 'include', name: wanted ?? '', known } as const;
  throw new ProblemError(problem('E_USE_CHOICE', facts, choice?.locate()));
}

/** What people are told of a block itself: one line in the place of its tasks. */
export function tell(block: PlannedBlock, view: RenderContext, result: Decided, locals: Fields = {}): Group {
  const planned = asTask(block);
  const ref = refOf(planned, view, view.scope(planned, locals), undefined);
  return { planned, view, loop: false, items: [{ ref, locals, kind: 'done', result }] };
}

/** A block in the shape of a task without work. */
function asTask(block: PlannedBlock): PlannedTask {
  const { task } = block;
  const module: ControllerModule = {
    name: task.kind,
    result: block.module.result,
    on: 'controller',
    pure: true,
    summary: '',
    params: {} as never,
    examples: [],
    idempotent: true,
    run: () => ({ changed: false, fields: {} }),
  };
  return {
    ...block,
    task: {
      ...task,
      tags: [],
      module: task.kind,
      definition: module,
      args: task.source,
      changedWhen: [],
      failedWhen: [],
      ignoreErrors: false,
      until: [],
      notify: [],
      listen: [],
      barrier: false,
    },
    module,
    params: [],
    isStatic: true,
    changedWhen: [],
    failedWhen: [],
    until: [],
    env: new Map(),
    tags: [],
    notifies: [],
    noLog: false,
  };
}
