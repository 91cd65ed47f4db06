import { kindOf } from '../functions/words.ts';
import type { StepRef } from '../model/event.ts';
import type {
  BothContext,
  ControllerContext,
  ControllerResult,
  HostModule,
  Module,
  ModuleContext,
} from '../model/module.ts';
import type { Resource } from '../model/resource.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import type { PlannedReader, PlannedTask } from '../plan/planned.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { loopNames } from './loop-names.ts';
import { controllerModule, type RenderedTask, renderTask, toResource } from './render-task.ts';
import { type HostValues, NotKnown } from './scope.ts';

/** One thing to do for one host: a step for its shell, work of the controller, or something that is decided already. */
export type Item = {
  ref: StepRef;
  /** `item` and `index` of a loop. */
  locals: Fields;
} & (
  | { kind: 'step'; rendered: RenderedTask; resource: Resource }
  | {
      kind: 'controller';
      rendered: RenderedTask;
      work(context: BothContext): ControllerResult | Promise<ControllerResult>;
    }
  | { kind: 'done'; result: Decided }
);

/** What is known of an item without doing anything. */
export type Decided =
  | { status: 'skipped'; message: string }
  | { status: 'unknown'; message: string }
  | { status: 'failed'; error: ProblemError }
  | { status: 'result'; result: ControllerResult };

/** All items of one task; a task without a loop has one. */
export interface Group {
  planned: PlannedTask;
  /** How its texts are filled in. */
  view: RenderContext;
  loop: boolean;
  /** The loop's list has no items; the one item here says so. */
  empty?: true;
  items: Item[];
}

/** What rendering a task of a host needs from its surroundings. */
export interface RenderContext {
  host: string;
  check: boolean;
  /** Where results of tasks are kept: those of a role stay in it. */
  values: HostValues;
  /** The id of a task with the numbers of the items of the blocks around it. */
  idOf(id: string): string;
  /** `learned`: what earlier items of the task have set, and the host does not know yet. */
  scope(planned: PlannedReader, locals: Fields, learned?: Fields): Scope;
  /** Whether a parameter of a task is made from what hosts have said: facts, results, or items that are. */
  isFromHosts(planned: PlannedTask, locals: Fields, param: string): boolean;
  validator(module: Module): (value: unknown) => SchemaIssue[];
  moduleContext(planned: PlannedTask, rendered: RenderedTask, scope: Scope): ModuleContext;
  controllerContext(planned: PlannedTask, rendered: RenderedTask, scope: Scope): ControllerContext;
}

/** Decides `when`, expands the loop and fills in every item. Throws NotYet when something is asked for that is not known yet. */
export async function renderGroup(planned: PlannedTask, context: RenderContext): Promise<Group> {
  const base = context.scope(planned, {});
  if (!planned.loop)
    return { planned, view: context, loop: false, items: [await renderItem(planned, context, {}, undefined)] };
  let list: Value[];
  try {
    list = loopList(planned, base);
  } catch (error) {
    const item = decidedBy(error, planned, context, undefined, {});
    return { planned, view: context, loop: false, items: [item] };
  }
  if (list.length === 0) {
    const result: Decided = { status: 'skipped', message: 'the loop has no items' };
    const item: Item = { ref: refOf(planned, context, base, undefined), locals: {}, kind: 'done', result };
    return { planned, view: context, loop: true, empty: true, items: [item] };
  }
  const [itemName, indexName] = loopNames(planned);
  const items: Item[] = [];
  const learned: Fields = {};
  for (const [index, item] of list.entries()) {
    const locals = { [itemName ?? 'item']: item, [indexName ?? 'index']: index };
    const done = await renderItem(planned, context, locals, index, learned);
    items.push(done);
    Object.assign(learned, setBy(done));
  }
  return { planned, view: context, loop: true, items };
}

/** What set_fact gives the host, and the items that follow. */
function setBy(item: Item): Fields | undefined {
  return item.kind === 'done' && item.result.status === 'result' ? item.result.result.facts : undefined;
}

/** The items of a loop. Throws what evaluating throws, and ProblemError when they are no list. */
export function loopList(planned: PlannedReader, scope: Scope): Value[] {
  const { loop } = planned;
  const value = loop?.kind === 'expression' ? loop.expression.evaluate(scope) : (loop?.template.render(scope) ?? null);
  if (Array.isArray(value)) return value;
  const got = value === null || typeof value === 'object' ? kindOf(value) : JSON.stringify(value);
  throw new ProblemError(problem('E_LOOP_NOT_LIST', { got }, planned.task.loop?.locate()));
}

async function renderItem(
  planned: PlannedTask,
  context: RenderContext,
  locals: Fields,
  index: number | undefined,
  learned: Fields = {},
): Promise<Item> {
  const scope = context.scope(planned, locals, learned);
  try {
    const failing = planned.when.find((condition) => !condition.holds(scope));
    const ref = refOf(planned, context, scope, index);
    if (failing) {
      return { ref, locals, kind: 'done', result: { status: 'skipped', message: `when: ${failing.text}` } };
    }
    // Where it runs and as whom is asked for later; what is not known of that shows now.
    planned.delegateTo?.render(scope);
    planned.becomeUser?.render(scope);
    const rendered = renderTask(planned, scope, context.validator(planned.module));
    const controller = controllerModule(planned);
    if (!controller) {
      const surroundings = context.moduleContext(planned, rendered, scope);
      const work = (planned.module as HostModule).visits?.(rendered.params as never, surroundings);
      if (work) return { ref, locals, kind: 'controller', rendered, work };
      return { ref, locals, kind: 'step', rendered, resource: await toResource(rendered, surroundings) };
    }
    const params = rendered.params as never;
    if (controller.on === 'both' || !controller.pure)
      return { ref, locals, kind: 'controller', rendered, work: (given) => controller.run(params, given) };
    const result = await controller.run(params, context.controllerContext(planned, rendered, scope));
    return { ref, locals, kind: 'done', result: { status: 'result', result } };
  } catch (error) {
    return decidedBy(error, planned, context, index, locals);
  }
}

/** What a mistake, or a value that only the real run gives, decides; anything else goes on up. */
export function decidedByError(error: unknown): Decided {
  if (error instanceof ProblemError) return { status: 'failed', error };
  if (error instanceof NotKnown) return { status: 'unknown', message: error.message };
  throw error;
}

/** Turns a mistake, or a value that only the real run gives, into a decided item; anything else goes on up. */
function decidedBy(
  error: unknown,
  planned: PlannedTask,
  context: RenderContext,
  index: number | undefined,
  locals: Fields,
): Item {
  const result = decidedByError(error);
  return { ref: refOf(planned, context, context.scope(planned, locals), index), locals, kind: 'done', result };
}

/** How people are told of a task, or of one item of it. */
export function refOf(planned: PlannedTask, context: RenderContext, scope: Scope, index: number | undefined): StepRef {
  const { task } = planned;
  const label = index === undefined || planned.noLog ? undefined : itemLabel(planned, scope);
  return {
    host: context.host,
    step: index === undefined ? context.idOf(task.id) : `${context.idOf(task.id)}/item.${index}`,
    task: taskName(planned, scope),
    module: task.module,
    ...(label !== undefined && { label }),
    ...(task.id.includes('handlers') && { handler: true }),
  };
}

/** A name that cannot be filled in is shown as written. */
function taskName({ name, task }: PlannedTask, scope: Scope): string {
  if (!name || name.isStatic) return task.name;
  return orElse(
    () => name.renderText(scope),
    () => task.name,
  );
}

/** A label that cannot be filled in is no reason to fail: the item itself is shown. */
function itemLabel(planned: PlannedTask, scope: Scope): string {
  const [name = 'item'] = loopNames(planned);
  const value = orElse(
    () => planned.loopLabel?.render(scope) ?? scope.get(name),
    () => scope.get(name),
  );
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What people are shown instead where a text for them cannot be filled in. */
function orElse<T>(read: () => T, instead: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemError || error instanceof NotKnown) return instead();
    throw error;
  }
}
