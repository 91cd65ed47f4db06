import type { ParamDeclaration } from '../model/param.ts';
import { type Block, type Body, isBlock, type Node, type Task } from '../model/playbook.ts';
import type { Span } from '../model/span.ts';
import { readDeclarations } from '../params/declarations.ts';
import type { Problem } from '../problems/problem.ts';
import type { TextCompiler, ValueTemplate } from '../template/text-compiler.ts';
import { compileVars } from './compile-vars.ts';
import { planTask } from './plan-task.ts';
import type { PlannedBlock, PlannedBody, PlannedNode, PlannedReader, PlannedTask } from './planned.ts';
import { collectReadings, rendering } from './readings.ts';
import { planConditions, planLoop, planText } from './texts.ts';

/** What planning the tasks of a play carries along. */
export interface Planning {
  compiler: TextCompiler;
  problems: Problem[];
  /** Whether a task takes part in the run. */
  runs(task: Task): boolean;
  /** Whether `--start-at` lets this node begin; asked once for each, in the order of the text. */
  reached(node: Node): boolean;
  leftOut: PlannedTask[];
}

/** Where nodes stand. */
export interface Position {
  within?: PlannedBody;
  isRescue: boolean;
}

/** Compiles nodes. Tasks that take no part in the run are noted as left out, and blocks without any others are not there. */
export function planNodes(nodes: readonly Node[], planning: Planning, position: Position): PlannedNode[] {
  return nodes.flatMap((node): PlannedNode[] => {
    const reached = planning.reached(node);
    if (isBlock(node)) return planBlock(node, planning, position);
    const planned = planTask({ ...planning, task: node, position });
    if (reached && planning.runs(node)) return [planned];
    planning.leftOut.push(planned);
    return [];
  });
}

function planBlock(block: Block, planning: Planning, position: Position): PlannedBlock[] {
  const { compiler, problems } = planning;
  const { keep, readings } = collectReadings(problems);
  const texts = { compiler, keep };
  const loop = planLoop(block, texts);
  const label = planText(texts, 'label', block.loopControl.label);
  const choice = planText(texts, 'work', block.choice);
  const given = compileVars(block.with, compiler, problems);
  for (const [name, thing] of given) {
    keep('work', String(block.with?.value[name]), { thing, problems: [], evaluate: rendering });
  }
  const outputs = block.bodies.flatMap(({ role }) => Object.keys(role?.outputs?.value ?? {}));
  const planned: PlannedBlock = {
    task: block,
    module: { name: block.name, result: Object.fromEntries(outputs.map((name) => [name, ''])) },
    name: block.source.value['name'] === undefined ? undefined : planText(texts, 'name', nameOf(block)),
    when: planConditions(texts, 'when', block.when),
    with: given,
    bodies: [],
    rescue: [],
    always: [],
    readings,
    ...position,
    ...(loop && { loop }),
    ...(label && { loopLabel: label }),
    ...(choice && { choice }),
  };
  planned.bodies = block.bodies.map((body) => planBody(body, planned, planning));
  const [first] = planned.bodies;
  const inside = { ...position, ...(first && { within: first }) };
  planned.rescue = planNodes(block.rescue, planning, { ...inside, isRescue: true });
  planned.always = planNodes(block.always, planning, inside);
  const parts = [...planned.bodies.flatMap(({ nodes }) => nodes), ...planned.rescue, ...planned.always];
  const written = [...block.bodies.flatMap(({ nodes }) => nodes), ...block.rescue, ...block.always];
  return parts.length === 0 && written.length > 0 ? [] : [planned];
}

function planBody(body: Body, block: PlannedBlock, planning: Planning): PlannedBody {
  const { compiler, problems } = planning;
  const compile = (fields: Block['vars']): ReadonlyMap<string, ValueTemplate> =>
    compileVars(fields, compiler, problems);
  const declared = body.role?.params && readDeclarations(body.role.params);
  problems.push(...(declared?.problems ?? []));
  const params = declared?.declarations;
  const planned: PlannedBody = {
    body,
    ...(params && { params }),
    block,
    nodes: [],
    handlers: [],
    vars: new Map([...compile(body.role?.vars), ...compile(block.task.vars)]),
    defaults: new Map([...compile(body.role?.defaults), ...notGiven(params, compiler, problems)]),
    outputs: compile(body.role?.outputs),
  };
  const position: Position = { within: planned, isRescue: block.isRescue };
  const end = planEnd(body, planned, { position, planning });
  if (end) planned.end = end;
  planned.handlers = body.handlers.map((task) => planTask({ ...planning, task, position }));
  planned.nodes = planNodes(body.nodes, planning, position);
  return planned;
}

/** The outputs of a role are read when its tasks are done, with all that they see. */
function planEnd(
  { role }: Body,
  { block, outputs }: PlannedBody,
  { position, planning }: { position: Position; planning: Planning },
): PlannedReader | undefined {
  const written = role?.outputs;
  if (!written) return undefined;
  const { keep, readings } = collectReadings(planning.problems);
  for (const [name, thing] of outputs) {
    keep('work', String(written.value[name]), { thing, problems: [], evaluate: rendering });
  }
  const { id, name, source } = block.task;
  const task = {
    id: `${id}/outputs`,
    name: `outputs of ${name}`,
    source,
    when: [],
    loopControl: { stopOnError: false },
  };
  return { task, module: block.module, when: [], readings, ...position };
}

/** What parameters of a role are when `with` does not give them: their default, or null; a required one has been reported. */
function notGiven(
  params: readonly ParamDeclaration[] = [],
  compiler: TextCompiler,
  problems: Problem[],
): ReadonlyMap<string, ValueTemplate> {
  const value = Object.fromEntries(params.map((each) => [each.name, each.default ?? null]));
  const at = new Map(params.map((each) => [each.name, each.at]));
  const locate = ([name = '']: readonly (string | number)[] = []): Span => at.get(String(name)) ?? params[0]!.at;
  return compileVars({ value, locate }, compiler, problems);
}

function nameOf(block: Block): { value: string; locate(): ReturnType<Block['source']['locate']> } {
  return { value: block.name, locate: () => block.source.locate(['name']) };
}
