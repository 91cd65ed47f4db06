import type { ExpressionCompiler } from '../expr/compile.ts';
import type { Reference } from '../expr/expression.ts';
import { type Place, placeIn } from '../expr/place.ts';
import { omitted } from '../functions/omitted.ts';
import type { Scope } from '../model/scope.ts';
import type { Sources, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { run, type Sink, written } from './evaluate.ts';
import type { Node, Operand } from './nodes.ts';
import { misplacedOmit } from './omit-place.ts';
import { parse } from './parse.ts';
import { referencesIn } from './references.ts';
import { scan } from './scan.ts';

/** Compiled author text. */
export interface Template {
  source: string;
  /** Holds no mustache: `render` needs no scope and always gives the same text. */
  isStatic: boolean;
  references: Reference[];
  /** Keeps the value's type when the text is exactly one mustache (a trailing newline still counts), else gives a string. Throws ProblemError. */
  render(scope: Scope): Value;
  /** As `render`, but always text: for the contents of files. */
  renderText(scope: Scope): string;
}

/** A parsed template, to be run into something other than a string. */
export interface Document {
  nodes: readonly Node[];
  place: Place;
  references: Reference[];
  run(scope: Scope, sink: Sink): void;
}

/** What compiling text may use. */
export interface TemplateOptions {
  /** Without it, text with expressions cannot be compiled. */
  expressions?: ExpressionCompiler | undefined;
  sources?: Sources | undefined;
}

/** Parses author text into a tree that can be run. */
export function compileDocument(
  text: string,
  at: Span,
  options: TemplateOptions = {},
): { document?: Document; problems: Problem[] } {
  const place = placeIn(text, at, options.sources);
  const scanned = scan(text, { place, expressions: options.expressions });
  if (scanned.problems.length > 0) return { problems: scanned.problems };
  const { nodes, problems } = parse({ source: text, scanned, place });
  if (problems.length > 0) return { problems };
  const document: Document = {
    nodes,
    place,
    references: referencesIn(nodes, place),
    run: (scope, sink) => run(nodes, scope, sink, place),
  };
  return { document, problems: [] };
}

/** Compiles author text. */
export function compileTemplate(
  text: string,
  at: Span,
  options: TemplateOptions = {},
): { template?: Template; problems: Problem[] } {
  if (!text.includes('{{') && !text.includes('{%')) return { template: staticTemplate(text, text), problems: [] };
  const { document, problems } = compileDocument(text, at, options);
  if (!document) return { problems };
  const { nodes } = document;
  if (nodes.every((node) => node.kind === 'text')) {
    return { template: staticTemplate(text, nodes.map((node) => node.text).join('')), problems };
  }
  const renderText = (scope: Scope): string => join(document, scope);
  const isTyped =
    nodes[0]?.kind === 'value' && nodes.slice(1).every((node) => node.kind === 'text' && node.text === '\n');
  const misplaced = misplacedOmit(document.references, { isWhole: isTyped });
  if (misplaced.length > 0) return { problems: misplaced };
  const render = isTyped ? (scope: Scope): Value => only(document, scope) : renderText;
  return { template: { source: text, isStatic: false, references: document.references, render, renderText }, problems };
}

function staticTemplate(source: string, text: string): Template {
  return { source, isStatic: true, references: [], render: () => text, renderText: () => text };
}

function join(document: Document, scope: Scope): string {
  const parts: string[] = [];
  document.run(scope, {
    text: (text) => parts.push(text),
    value: (value, { operand }) => parts.push(textOf(value, operand, document.place)),
  });
  return parts.join('');
}

function only(document: Document, scope: Scope): Value {
  let result: Value = null;
  document.run(scope, {
    text: () => {},
    value: (value) => {
      result = value;
    },
  });
  return result;
}

/** A value as it stands in text; lists and mappings are problems. */
export function textOf(value: Value, operand: Operand, place: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const kind = Array.isArray(value) ? 'a list' : 'a mapping';
  const at = place(operand.range.start, operand.range.end);
  if (value === omitted) throw new ProblemError(problem('E_OMIT_PLACE', {}, at));
  throw new ProblemError(problem('E_TEXT_NOT_TEXT', { path: written(operand), kind }, at));
}
