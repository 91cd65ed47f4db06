import type { Reference } from '../../expr/expression.ts';
import { kindOf } from '../../functions/words.ts';
import type { Scope } from '../../model/scope.ts';
import type { Span } from '../../model/span.ts';
import type { Value } from '../../model/value.ts';
import { type Problem, ProblemError, problem } from '../../problems/problem.ts';
import { spareCharacters } from '../canonical.ts';
import { written } from '../evaluate.ts';
import { misplacedOmit } from '../omit-place.ts';
import { compileDocument, type Document, type TemplateOptions, textOf } from '../template.ts';
import type { Given } from './put-in.ts';
import { splitWords, type Word } from './split.ts';

/** A command line that is split into words before values are put in. */
export interface WordsTemplate {
  isStatic: boolean;
  references: Reference[];
  /** The program and its arguments, never empty. Throws ProblemError. */
  render(scope: Scope): { argv: string[] };
}

/** Compiles `command: 'a b {{x}}'`: a value is part of the word it stands in, a list that is a whole word gives several. */
export function compileWords(
  text: string,
  at: Span,
  options: TemplateOptions = {},
): { words?: WordsTemplate; problems: Problem[] } {
  const { document, problems } = compileDocument(text, at, options);
  if (!document) return { problems };
  const omits = misplacedOmit(document.references);
  if (omits.length > 0) return { problems: omits };
  const isFixed = document.nodes.every((node) => node.kind === 'text' || (node.kind === 'value' && !node.raw));
  const fixed = isFixed
    ? split(
        document,
        document.nodes.map((node) => (node.kind === 'text' ? node.text : undefined)),
        text,
      )
    : undefined;
  if (fixed && 'problem' in fixed) return { problems: [fixed.problem] };
  const render = (scope: Scope): { argv: string[] } => {
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
    const found = fixed ?? split(document, parts, text);
    if ('problem' in found) throw new ProblemError(found.problem);
    return { argv: found.words.flatMap((word) => argumentsOf(word, given, document)) };
  };
  const isStatic = document.nodes.every((node) => node.kind === 'text');
  return { words: { isStatic, references: document.references, render }, problems: [] };
}

function split(
  document: Document,
  parts: (string | undefined)[],
  source: string,
): { words: Word[] } | { problem: Problem } {
  const [mark = ''] = spareCharacters(parts.join(''), 1);
  const text = parts.map((part) => part ?? mark).join('');
  const found = splitWords({ text, mark });
  if ('unclosed' in found) {
    const { quote, at } = found.unclosed;
    // The same quote in the source: as many of its kind stand before it, unless blocks left some out.
    const before = text.slice(0, at).split(quote).length;
    const start = source.split(quote).slice(0, before).join(quote).length;
    return { problem: problem('E_WORDS_QUOTE', { quote }, document.place(start, start + 1)) };
  }
  if (found.words.length > 0) return found;
  return { problem: problem('E_WORDS_EMPTY', {}, document.place(0, source.length)) };
}

function argumentsOf(word: Word, given: readonly Given[], document: Document): string[] {
  const [only] = word.parts;
  const whole = word.parts.length === 1 && !word.quoted && typeof only === 'object' ? given[only.index] : undefined;
  if (whole && Array.isArray(whole.value)) return whole.value.map((item) => argument(item, whole, undefined, document));
  const parts = word.parts.map((part) => {
    const one = typeof part === 'object' ? given[part.index] : undefined;
    if (!one) return typeof part === 'string' ? part : '';
    return argument(one.value, one, word.quoted ? 'inside quotes' : 'next to other text', document);
  });
  return [parts.join('')];
}

/** One argument; `where` is undefined for an item of a list. */
function argument(value: Value, { operand }: Given, where: string | undefined, document: Document): string {
  const at = document.place(operand.range.start, operand.range.end);
  const path = (where === undefined ? 'an item of ' : '') + written(operand);
  if (Array.isArray(value) && where !== undefined) throw new ProblemError(problem('E_SHELL_LIST', { path, where }, at));
  if (typeof value === 'object') throw new ProblemError(problem('E_SHELL_MAP', { path, kind: kindOf(value) }, at));
  const text = String(value);
  if (text.includes('\0')) throw new ProblemError(problem('E_SHELL_NUL', { path }, at));
  return text;
}
