import { parse as parseHandlebars, parser } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import type { Place } from '../expr/place.ts';
import { functionNamed } from '../functions/catalogue.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { similar } from '../util/similar.ts';
import { callProblem, helperProblem } from './call-problems.ts';
import type { Node, Operand, PathOperand, Range } from './nodes.ts';
import type { Scanned } from './scan.ts';

/** What parsing needs. */
export interface ParseOptions {
  source: string;
  scanned: Scanned;
  place: Place;
}

/** Parses scanned text. Only this file knows Handlebars: its parser makes the tree, everything after is play's own. */
export function parse({ source, scanned, place }: ParseOptions): { nodes: Node[]; problems: Problem[] } {
  if (scanned.simple) return { nodes: scanned.simple, problems: [] };
  const text = scanned.canonical.text();
  const lines = lineStarts(text);
  const offset = (line: number, column: number): number => (lines[line - 1] ?? text.length) + column;
  const state: State = {
    ...scanned,
    source,
    problems: [],
    place,
    rangeOf: ({ start, end }) =>
      scanned.canonical.toSource(offset(start.line, start.column), offset(end.line, end.column)),
  };
  let program: hbs.AST.Program;
  try {
    program = parseHandlebars(text);
  } catch (error) {
    return { nodes: [], problems: [parseProblem(error, state, offset)] };
  }
  const nodes = statements(program, state, false);
  return { nodes, problems: state.problems };
}

interface State extends Scanned {
  source: string;
  place: Place;
  rangeOf(location: hbs.AST.SourceLocation): Range;
}

/** Where each line starts, counted as the parser counts. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n?|\n/g)].map((match) => match.index + match[0].length)];
}

/** The parser says only "line 3"; its lexer still stands at the token that it refused. */
function parseProblem(error: unknown, state: State, offset: (line: number, column: number) => number): Problem {
  const { yylloc, match } = parser.lexer;
  const { start, end } = state.canonical.toSource(
    offset(yylloc.first_line, yylloc.first_column),
    offset(yylloc.last_line, yylloc.last_column),
  );
  const word = /^[\w-]*/.exec(state.source.slice(start))?.[0].length ?? 0;
  // A word that the lexer refuses is not the trouble; what touches its end is.
  const refused = match.length === 1 && word > 0 ? state.source.slice(start + word, start + word + 1) : '';
  const at =
    refused === '' ? state.place(start, Math.max(end, start + 1)) : state.place(start + word, start + word + 1);
  const invalidPath = /Invalid path: (\S+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (invalidPath) return problem('E_TEXT_SYNTAX', { detail: `${invalidPath} is not a path`, advice: undefined }, at);
  const found = refused || state.canonical.restore(match).trim();
  const advice = found === ',' ? 'arguments are separated by spaces' : undefined;
  const detail =
    found === '' || /^~?\}\}/.test(found)
      ? 'something is missing before these braces'
      : `${found} is not expected here`;
  return problem('E_TEXT_SYNTAX', { detail, advice }, at);
}

function statements(program: hbs.AST.Program | undefined, state: State, inItem: boolean): Node[] {
  return (program?.body ?? []).flatMap((statement) => node(statement, state, inItem));
}

function node(statement: hbs.AST.Statement, state: State, inItem: boolean): Node[] {
  if (isContent(statement)) {
    const text = state.canonical.restore(statement.value);
    return text === '' ? [] : [{ kind: 'text', text, range: state.rangeOf(statement.loc) }];
  }
  if (isMustache(statement)) {
    const operand = call(statement, state, inItem);
    const raw = !statement.escaped;
    return operand ? [{ kind: 'value', operand, raw, range: state.rangeOf(statement.loc) }] : [];
  }
  return isBlock(statement) ? block(statement, state, inItem) : [];
}

const BLOCKS = ['if', 'unless', 'each', 'with'];

function block(statement: hbs.AST.BlockStatement, state: State, inItem: boolean): Node[] {
  const name = statement.path.original;
  const { start, end } = state.rangeOf(statement.path.loc);
  const at = state.place(start, end);
  if (!BLOCKS.includes(name)) {
    const near = similar(name, BLOCKS);
    state.problems.push(
      problem(
        'E_TEXT_HELPER',
        { name: `#${name}`, similar: near && `#${near}`, known: BLOCKS.map((one) => `#${one}`) },
        at,
      ),
    );
    return [];
  }
  const [over, ...more] = statement.params.map((param) => operandOf(param, state, inItem));
  if (more.length > 0 || statement.params.length === 0 || statement.hash) {
    const detail = statement.params.length === 0 ? 'it needs a value' : 'it takes one value';
    const advice = `{{#${name} NAME}}, or {{#${name}= EXPRESSION}}`;
    state.problems.push(problem('E_TEXT_HELPER_ARGS', { name: `{{#${name}}}`, detail, example: advice }, at));
  }
  const goesInside = name === 'each' || name === 'with';
  const body = statements(statement.program, state, inItem || goesInside);
  const otherwise = statements(statement.inverse, state, inItem);
  if (!over) return [];
  if (over.kind === 'expression' && !goesInside) conditionType(over.embedded.expression.type, over.range, state);
  if (!goesInside) return [{ kind: 'if', test: over, negated: name === 'unless', yes: body, no: otherwise }];
  return [{ kind: name, over, params: statement.program?.blockParams ?? [], body, otherwise }];
}

function conditionType(type: string, range: Range, state: State): void {
  if (type === 'bool' || type === 'dyn') return;
  const at = state.place(range.start, range.end);
  state.problems.push(problem('E_EXPR_NOT_BOOL', { type: type === 'string' ? 'text' : type, advice: undefined }, at));
}

/** A mustache or a sub-expression: a name without arguments is a variable, never a helper. */
function call(
  expression: hbs.AST.MustacheStatement | hbs.AST.SubExpression,
  state: State,
  inItem: boolean,
): Operand | undefined {
  const { path, params, hash } = expression;
  const range = state.rangeOf(expression.loc);
  if (!isPath(path) || (params.length === 0 && !hash)) return operandOf(path, state, inItem);
  if (path.original === state.canonical.secret) return embedded(params[0], state, inItem);
  const name = path.original;
  const { start, end } = state.rangeOf(path.loc);
  const at = state.place(start, end);
  const definition = functionNamed(name);
  if (!definition) {
    state.problems.push(helperProblem(name, at));
    return undefined;
  }
  const args = params.flatMap((param) => operandOf(param, state, inItem) ?? []);
  // An operand that could not be read has its own problem.
  const wrong =
    args.length < params.length
      ? undefined
      : callProblem(definition, { name, args, hash: hash !== undefined, at, ...state });
  if (wrong) state.problems.push(wrong);
  if (wrong || args.length < params.length) return undefined;
  return { kind: 'call', helper: name, args, range };
}

function embedded(number: hbs.AST.Expression | undefined, state: State, inItem: boolean): Operand | undefined {
  const found = number && isNumber(number) ? state.expressions[number.value] : undefined;
  if (!number || !found) return undefined;
  const { text } = found.expression;
  const start = found.from + text.length - text.trimStart().length;
  const range = { start, end: start + text.trim().length };
  if (found.usesLoopData && !inItem) outside('@index', range, state);
  return { kind: 'expression', embedded: found, range };
}

function operandOf(expression: hbs.AST.Expression, state: State, inItem: boolean): Operand | undefined {
  const range = state.rangeOf(expression.loc);
  if (isSubExpression(expression)) return call(expression, state, inItem);
  if (isPath(expression)) return path(expression, range, state, inItem);
  if (isLiteral(expression)) return { kind: 'literal', value: expression.value, range };
  const detail = 'null and undefined are not values that can be written in text';
  state.problems.push(problem('E_TEXT_SYNTAX', { detail, advice: undefined }, state.place(range.start, range.end)));
  return undefined;
}

function path(
  expression: hbs.AST.PathExpression,
  range: Range,
  state: State,
  inItem: boolean,
): PathOperand | undefined {
  const { original, depth, data, parts } = expression;
  const scoped = /^(?:\.(?!\.)|this\b)/.test(original);
  const isLoopData = data && parts.length === 1 && ['index', 'key', 'first', 'last'].includes(parts[0] ?? '');
  if (data && !isLoopData) {
    const advice = 'inside {{#each}} there are @index, @key, @first and @last; every other name is written without @';
    state.problems.push(problem('E_TEXT_UNSUPPORTED', { what: original, advice }, state.place(range.start, range.end)));
    return undefined;
  }
  if ((scoped || data || depth > 0) && !inItem) {
    outside(scoped ? 'this' : depth > 0 ? '../' : original, range, state);
    return undefined;
  }
  const written = parts.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i > 0 ? `.${part}` : part)).join('');
  const prefix = scoped ? (parts.length > 0 ? 'this.' : 'this') : data ? '@' : '../'.repeat(depth);
  return { kind: 'path', written: prefix + written, parts, depth, scoped, data, range };
}

function outside(name: string, range: Range, state: State): void {
  state.problems.push(problem('E_TEXT_THIS', { name }, state.place(range.start, range.end)));
}

function isContent(node: hbs.AST.Node): node is hbs.AST.ContentStatement {
  return node.type === 'ContentStatement';
}
function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}
function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}
function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}
function isSubExpression(node: hbs.AST.Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression';
}
function isNumber(node: hbs.AST.Node): node is hbs.AST.NumberLiteral {
  return node.type === 'NumberLiteral';
}
function isLiteral(node: hbs.AST.Node): node is hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral {
  return node.type === 'StringLiteral' || node.type === 'NumberLiteral' || node.type === 'BooleanLiteral';
}
