import { functionNamed, nearestFunction } from '../functions/catalogue.ts';
import { asExpression } from '../functions/written.ts';
import type { Scope } from '../model/scope.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { valueAt } from './context.ts';
import type { ASTNode, Engine, EngineFault } from './engine.ts';
import { explain } from './explain.ts';
import { missingField, undefinedName } from './name-problems.ts';
import type { Place } from './place.ts';
import { chainOf } from './references.ts';

/** What describing a fault needs to know. */
export interface FaultContext {
  engine: Engine;
  text: string;
  place: Place;
  ast?: ASTNode;
  /** Present when the expression was being evaluated. */
  scope?: Scope;
}

const MISSING = new Set(['no_such_key', 'index_out_of_bounds', 'unknown_variable', 'optional_value_missing']);
const TYPES = new Set([
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
]);

/** Turns what the engine reports after parsing into a problem with a place. */
export function faultProblem(thrown: EngineFault, context: FaultContext): Problem {
  const fault = { ...thrown, summary: context.engine.names.reveal(thrown.summary) };
  const { start, end } = fault.range ?? { start: 0, end: context.text.length };
  const at = context.place(start, Math.max(end, start + 1));
  const written = context.text.slice(start, end);
  if (MISSING.has(fault.code)) return missing(fault, context, at);
  if (context.scope && TYPES.has(fault.code) && /\bnull\b/.test(fault.summary)) {
    return problem(
      'E_VALUE_NULL',
      { path: nullPart(context, start, end) ?? `something in ${written}`, in: 'expression' },
      at,
    );
  }
  const called = calledName(fault);
  const unknown = called && unknownFunction(called, context.engine);
  if (unknown) return problem('E_EXPR_FUNCTION', unknown, at);
  const { detail, advice = called && exampleOf(called) } = explain(fault);
  if (fault.code === 'pattern') return problem('E_EXPR_REGEX', { detail }, at);
  return context.scope
    ? problem('E_EXPR_FAILED', { detail, advice, ...(TYPES.has(fault.code) && { isOfTypes: true }) }, at)
    : problem('E_EXPR_TYPE', { detail, advice }, at);
}

function missing(fault: EngineFault, { ast, scope, text }: FaultContext, at: Problem['at']): Problem {
  const name = fault.summary.replace(/^.*?: /, '');
  if (fault.code === 'unknown_variable') return undefinedName(name, scope, at);
  const node = ast && accessAt(ast, fault.range);
  const chain = node && chainOf(node);
  if (chain?.base.op !== 'id' || chain.computed.length > 0 || !scope) {
    const path = node?.op === '[]' || node?.op === '.' ? text.slice(node.args[0].start, node.args[0].end) : text.trim();
    return problem('E_FIELD_MISSING', { path, field: fault.code === 'no_such_key' ? name : 'such item' }, at);
  }
  const root = chain.base.args;
  const field = chain.path.at(-1) ?? name;
  const above = chain.path.slice(0, -1);
  if (root === 'vars' && above.length === 0) return undefinedName(field, scope, at);
  return missingField(spell(root, above), field, valueAt(scope, root, above), at);
}

function spell(root: string, path: string[]): string {
  return [root, ...path]
    .map((part, i) => (/^[A-Za-z_]\w*$/.test(part) ? (i ? `.${part}` : part) : `[${part}]`))
    .join('');
}

/** The access node that the engine points at: `.`-nodes report their name, `[]`-nodes their whole. */
function accessAt(node: ASTNode, range: EngineFault['range']): ASTNode | undefined {
  const isHere = node.pos === range?.start && node.end === range?.end;
  if (isHere && (node.op === '.' || node.op === '[]' || node.op === '.?' || node.op === '[?]')) return node;
  const children = (Array.isArray(node.args) ? node.args.flat(2) : [node.args]) as unknown[];
  for (const child of children) {
    const found = isNode(child) ? accessAt(child, range) : undefined;
    if (found) return found;
  }
  return undefined;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The operand that is null, when it is a plain path. */
function nullPart({ ast, scope }: FaultContext, start: number, end: number): string | undefined {
  const pick = (node: ASTNode): string | undefined => {
    const chain = chainOf(node);
    if (
      chain.base.op === 'id' &&
      chain.computed.length === 0 &&
      scope &&
      chain.base.start >= start &&
      chain.end <= end
    ) {
      return valueAt(scope, chain.base.args, chain.path) === null ? spell(chain.base.args, chain.path) : undefined;
    }
    const children = (Array.isArray(node.args) ? node.args.flat(2) : [node.args]) as unknown[];
    return children
      .filter(isNode)
      .map(pick)
      .find((found) => found !== undefined);
  };
  return ast && pick(ast);
}

/** The function whose arguments do not fit any of its forms. */
function calledName(fault: EngineFault): string | undefined {
  return fault.code === 'no_matching_overload' ? /'(?:.*\.)?(\w+)\(/.exec(fault.summary)?.[1] : undefined;
}

function exampleOf(name: string): string | undefined {
  const definition = functionNamed(name);
  const [example] = definition?.examples ?? [];
  return definition && example && `write for example: ${asExpression(definition, example)}`;
}

function unknownFunction(
  name: string,
  engine: Engine,
): { name: string; similar: string | undefined; instead: string | undefined } | undefined {
  const cel = functionNamed(name)?.cel;
  if (engine.ownNames.has(name) || (functionNamed(name) && cel === undefined)) return undefined;
  const instead = typeof cel === 'object' ? cel.instead : undefined;
  const near = instead === undefined ? nearestFunction(name, [...engine.ownNames]) : undefined;
  const other = near === undefined ? undefined : functionNamed(near)?.cel;
  return { name, similar: near, instead: instead ?? (typeof other === 'object' ? other.instead : undefined) };
}
