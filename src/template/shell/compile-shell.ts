import type { Reference } from '../../expr/expression.ts';
import type { Scope } from '../../model/scope.ts';
import type { Span } from '../../model/span.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { spareCharacters } from '../canonical.ts';
import { written } from '../evaluate.ts';
import type { Operand } from '../nodes.ts';
import { misplacedOmit } from '../omit-place.ts';
import { compileDocument, type Document, type TemplateOptions, textOf } from '../template.ts';
import { commands } from './commands.ts';
import type { Piece } from './plan.ts';
import { type Given, putIn, type ShellText } from './put-in.ts';
import { readerOf } from './reader.ts';

/** Shell text in which every value is a shell variable, assigned beforehand and not exported. */
export interface ShellTemplate {
  isStatic: boolean;
  references: Reference[];
  /** Throws ProblemError. */
  render(scope: Scope): ShellText;
}

/** What compiling shell text may use. */
export interface ShellOptions extends TemplateOptions {
  /** The program that will read the text; values are refused when it is not a POSIX shell. */
  executable?: string | undefined;
}

const POSIX_SHELL = /^(?:sh|bash|dash|ash|ksh|ksh93|mksh|zsh|busybox|yash)$/;

/** Compiles shell text. Block helpers work on the author's text; what they leave is read as shell to see where the values stand. */
export function compileShell(
  text: string,
  at: Span,
  options: ShellOptions = {},
): { shell?: ShellTemplate; problems: Problem[] } {
  const { document, problems } = compileDocument(text, at, options);
  if (!document) return { problems };
  const omits = misplacedOmit(document.references);
  if (omits.length > 0) return { problems: omits };
  const values = document.nodes.flatMap((node) => (node.kind === 'value' ? [node] : []));
  const isStatic = document.nodes.every((node) => node.kind === 'text');
  const refused = isStatic
    ? []
    : [executable(options.executable, document, at), wholeCommand(document)].flatMap((one) => one ?? []);
  if (refused.length > 0) return { problems: refused };
  // Without blocks and raw values the text is always the same, and so are the positions in it.
  const isFixed = document.nodes.every((node) => node.kind === 'text' || (node.kind === 'value' && !node.raw));
  const pieces = isFixed
    ? read(document.nodes.map((node) => (node.kind === 'text' ? node.text : undefined)))
    : undefined;
  const misplaced = pieces
    ? misplacedIn(
        pieces,
        values.map((node) => node.operand),
        document,
      )
    : [];
  if (misplaced.length > 0) return { problems: misplaced };
  const render = (scope: Scope): ShellText => {
    const parts: (string | undefined)[] = [];
    const given: Given[] = [];
    document.run(scope, {
      text: (part) => parts.push(part),
      value: (value, { operand, raw }) => {
        if (raw) parts.push(textOf(value, operand, document.place));
        else given.push({ value, operand });
        if (!raw) parts.push(undefined);
      },
    });
    return putIn(pieces ?? read(parts), given, document.place);
  };
  return { shell: { isStatic, references: document.references, render }, problems: [] };
}

/** Reads author text as shell; undefined stands for a value. */
function read(parts: readonly (string | undefined)[]): Piece[] {
  const [mark = ''] = spareCharacters(parts.join(''), 1);
  const reader = readerOf({ text: parts.map((part) => part ?? mark).join(''), mark });
  commands(reader);
  return reader.pieces;
}

function wholeCommand(document: Document): Problem | undefined {
  const [only, ...more] = document.nodes.filter((node) => node.kind !== 'text' || node.text.trim() !== '');
  if (only?.kind !== 'value' || only.raw || more.length > 0) return undefined;
  const { start, end } = only.operand.range;
  return problem('E_SHELL_WHOLE', { name: written(only.operand) }, document.place(start, end));
}

function executable(path: string | undefined, document: Document, at: Span): Problem | undefined {
  // `/usr/bin/env bash` is bash.
  const name = path
    ?.trim()
    .replace(/^\S*\benv\s+/, '')
    .split(/\s/)[0]
    ?.split('/')
    .at(-1);
  if (path === undefined || name === undefined || POSIX_SHELL.test(name)) return undefined;
  const first = document.nodes.find((node) => node.kind === 'value');
  const place = first?.kind === 'value' ? document.place(first.range.start, first.range.end) : at;
  return problem('E_SHELL_EXECUTABLE', { executable: path }, place);
}

/** Values that can never stand where they do are known without their values. */
function misplacedIn(pieces: readonly Piece[], operands: readonly Operand[], document: Document): Problem[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === 'document') return misplacedIn(piece.pieces, operands, document);
    const operand = piece.kind === 'value' && operands[piece.index];
    if (!operand || piece.kind !== 'value' || piece.position.kind !== 'refused') return [];
    const { where, advice } = piece.position;
    const { start, end } = operand.range;
    return [problem('E_SHELL_PLACE', { path: written(operand), where, advice }, document.place(start, end))];
  });
}
