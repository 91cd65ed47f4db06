import { isMissing } from '../expr/missing.ts';
import type { Place } from '../expr/place.ts';
import { functionNamed } from '../functions/catalogue.ts';
import { FunctionError } from '../functions/function.ts';
import { invoke } from '../functions/invoke.ts';
import { omitted } from '../functions/omitted.ts';
import { kindOf } from '../functions/words.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields, Value } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { exampleOf, refusal } from './call-problems.ts';
import { type Frame, local, read, type View } from './frames.ts';
import type { Node, Operand } from './nodes.ts';

/** Takes what a template gives, in order: author text, and the values put into it. */
export interface Sink {
  text(text: string): void;
  value(value: Value, from: { operand: Operand; raw: boolean }): void;
}

/** Runs a template against a scope. Throws ProblemError for what is undefined, null or of the wrong kind. */
export function run(nodes: readonly Node[], scope: Scope, sink: Sink, place: Place): void {
  walk(nodes, { scope, frame: undefined }, sink, place);
}

function walk(nodes: readonly Node[], view: View, sink: Sink, place: Place): void {
  for (const node of nodes) {
    if (node.kind === 'text') sink.text(node.text);
    else if (node.kind === 'value') sink.value(valueAt(node.operand, view, place), node);
    else if (node.kind === 'if') {
      walk(truth(node.test, view, place) !== node.negated ? node.yes : node.no, view, sink, place);
    } else if (node.kind === 'with') {
      const value = valueAt(node.over, view, place);
      walk(node.body, inside(view, value, {}, node.params, []), sink, place);
    } else each(node, view, sink, place);
  }
}

/** CEL must give true or false; for a value, Handlebars' rule: false, 0, empty text and an empty list are false. */
function truth(test: Operand, view: View, place: Place): boolean {
  const value = valueAt(test, view, place);
  if (test.kind !== 'expression') return Array.isArray(value) ? value.length > 0 : Boolean(value);
  if (typeof value === 'boolean') return value;
  const at = place(test.range.start, test.range.end);
  throw new ProblemError(problem('E_EXPR_NOT_BOOL', { type: kindOf(value), advice: undefined }, at));
}

function each(node: Extract<Node, { kind: 'each' | 'with' }>, view: View, sink: Sink, place: Place): void {
  const list = valueAt(node.over, view, place);
  if (typeof list !== 'object' || list === null) {
    const { start, end } = node.over.range;
    const facts = { path: written(node.over), kind: kindOf(list) };
    throw new ProblemError(problem('E_TEXT_EACH', facts, place(start, end)));
  }
  const entries = Object.entries(list as Fields);
  if (entries.length === 0) walk(node.otherwise, view, sink, place);
  for (const [index, [name, value]] of entries.entries()) {
    const key = Array.isArray(list) ? index : name;
    const data = { index, key, first: index === 0, last: index === entries.length - 1 };
    walk(node.body, inside(view, value, data, node.params, [value, key]), sink, place);
  }
}

function inside({ scope, frame }: View, value: Value, data: Fields, params: string[], bound: Value[]): View {
  const names: Fields = Object.create(null);
  for (const [i, param] of params.entries()) names[param] = bound[i] ?? value;
  return { scope, frame: { value, data: { ...frame?.data, ...data }, names, outer: frame } };
}

/** The value of an operand. Throws ProblemError when it is undefined or null. */
function valueAt(operand: Operand, view: View, place: Place): Value {
  const at = place(operand.range.start, operand.range.end);
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'path': {
      const found = read(operand, view, at);
      if ('value' in found) return found.value;
      const forgotten = operand.parts.length === 1 ? exampleOf(operand.written) : undefined;
      if (!forgotten || found.problem.code !== 'E_NAME_UNDEFINED') throw new ProblemError(found.problem);
      const advice = `${operand.written} is also a function; it needs a value, for example ${forgotten}`;
      throw new ProblemError(problem('E_NAME_UNDEFINED', { name: operand.written, advice, in: 'text' }, at));
    }
    case 'call': {
      const definition = functionNamed(operand.helper);
      if (!definition) throw new Error(`no function ${operand.helper}`);
      const params = Object.values(definition.params);
      const args = operand.args.map((arg, i) => (params[i]?.lenient ? lenient : valueAt)(arg, view, place));
      try {
        const result = invoke(definition, args, view.scope.functionContext);
        const { taint } = view.scope;
        if (taint && !taint.isEmpty())
          taint.derive(result, operand.helper, () => args.filter((arg) => arg !== undefined));
        return result;
      } catch (error) {
        if (error instanceof ProblemError)
          throw new ProblemError(error.problems.map((each) => ({ ...each, at: each.at ?? at })));
        if (!(error instanceof FunctionError)) throw error;
        const name = operand.helper;
        throw new ProblemError(refusal(error, { name, example: exampleOf(name), at }));
      }
    }
    case 'expression': {
      const value = operand.embedded.expression.evaluate(view.scope, view.frame && localsOf(view.frame));
      if (value !== null) return value;
      throw new ProblemError(problem('E_VALUE_NULL', { path: written(operand), in: 'expression' }, at));
    }
  }
}

/** For `{{default x y}}`: what is missing, null or `omit` is undefined. */
function lenient(operand: Operand, view: View, place: Place): Value | undefined {
  try {
    const value = valueAt(operand, view, place);
    return value === omitted ? undefined : value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const LOOP_DATA: Record<string, string> = { _index: 'index', _key: 'key', _first: 'first', _last: 'last' };

/** What an expression inside a block sees: `this`, `@index` (scanned as `_index`), names of the block, fields of the item. */
function localsOf(frame: Frame): (name: string) => Value | undefined {
  return (name) => {
    if (name === 'this') return frame.value;
    const data = LOOP_DATA[name];
    return data === undefined ? local(name, frame) : frame.data[data];
  };
}

/** An operand as a person would call it. */
export function written(operand: Operand): string {
  if (operand.kind === 'path') return operand.written;
  if (operand.kind === 'call') return operand.helper;
  return operand.kind === 'literal' ? JSON.stringify(operand.value) : operand.embedded.expression.text.trim();
}
