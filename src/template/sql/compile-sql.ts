import type { Reference } from '../../expr/expression.ts';
import type { SqlText } from '../../model/module.ts';
import type { Scope } from '../../model/scope.ts';
import type { Span } from '../../model/span.ts';
import type { Value } from '../../model/value.ts';
import { type Problem, ProblemError, problem } from '../../problems/problem.ts';
import { spareCharacters } from '../canonical.ts';
import { written } from '../evaluate.ts';
import type { Operand } from '../nodes.ts';
import { misplacedOmit } from '../omit-place.ts';
import { compileDocument, type Document, type TemplateOptions, textOf } from '../template.ts';
import { piecesOf, positionIn, type SqlPiece } from './positions.ts';

/** SQL in which every value is bound: `render` gives a SqlText. */
interface SqlTemplate {
  isStatic: boolean;
  references: Reference[];
  render(scope: Scope): Value;
}

/** A value on its way into SQL. */
interface Given {
  value: Value;
  operand: Operand;
}

/** Compiles SQL of the author. Block helpers work on the text; what they leave is read as SQL to see where the values stand. */
export function compileSql(
  text: string,
  at: Span,
  options: TemplateOptions = {},
): { template?: SqlTemplate; problems: Problem[] } {
  const { document, problems } = compileDocument(text, at, options);
  if (!document) return { problems };
  const omits = misplacedOmit(document.references);
  if (omits.length > 0) return { problems: omits };
  const { nodes, place } = document;
  const raw = nodes.flatMap((node) => (node.kind === 'value' && node.raw ? [refusedRaw(node.operand, document)] : []));
  if (raw.length > 0) return { problems: raw };
  const isStatic = nodes.every((node) => node.kind === 'text');
  if (nodes.every((node) => node.kind === 'text' || node.kind === 'value')) {
    const marked = markedText(nodes.map((node) => (node.kind === 'text' ? node.text : undefined)));
    const operands = nodes.flatMap((node) => (node.kind === 'value' ? [node.operand] : []));
    const found = misplaced(marked, operands, document);
    if (found.length > 0) return { problems: found };
  }
  const render = (scope: Scope): Value => {
    const parts: (string | undefined)[] = [];
    const given: Given[] = [];
    document.run(scope, {
      text: (part) => parts.push(part),
      value: (value, { operand, raw: isRaw }) => {
        if (isRaw) throw new ProblemError(refusedRaw(operand, document));
        parts.push(undefined);
        given.push({ value, operand });
      },
    });
    const marked = markedText(parts);
    const wrong = misplaced(
      marked,
      given.map(({ operand }) => operand),
      document,
    );
    if (wrong.length > 0) throw new ProblemError(wrong);
    const { texts, values } = putIn(marked, given, (one) => textOf(one.value, one.operand, place));
    return { texts, values };
  };
  return { template: { isStatic, references: document.references, render }, problems: [] };
}

/** Author SQL with a character for each value that the author did not use. */
interface Marked {
  pieces: SqlPiece[];
  mark: string;
}

function markedText(parts: readonly (string | undefined)[]): Marked {
  const [mark = ''] = spareCharacters(parts.join(''), 1);
  return { pieces: piecesOf(parts.map((part) => part ?? mark).join('')), mark };
}

function misplaced({ pieces, mark }: Marked, operands: readonly Operand[], document: Document): Problem[] {
  let next = 0;
  return pieces.flatMap((piece) => {
    const position = positionIn(piece);
    const here = operands.slice(next, next + piece.text.split(mark).length - 1);
    next += here.length;
    if (position.kind !== 'refused') return [];
    const { where, advice } = position;
    return here.map((operand) => {
      const { start, end } = operand.range;
      return problem('E_SQL_PLACE', { path: written(operand), where, advice }, document.place(start, end));
    });
  });
}

function refusedRaw(operand: Operand, { place }: Document): Problem {
  const advice =
    'write {{x}}, with two braces: it is bound; a column whose name is a value stands in double quotes: "{{x}}"';
  const facts = { path: written(operand), where: 'between three braces in SQL', advice };
  return problem('E_SQL_PLACE', facts, place(operand.range.start, operand.range.end));
}

/** A value by itself is bound; in a text it is joined to it; in a quoted name its quotes are doubled; in a remark it is left out. */
function putIn({ pieces, mark }: Marked, given: readonly Given[], asText: (one: Given) => string): SqlText {
  const queue = [...given];
  const texts = [''];
  const values: Value[] = [];
  const add = (text: string): void => {
    texts.push((texts.pop() ?? '') + text);
  };
  const bind = (): void => {
    values.push(queue.shift()?.value ?? null);
    texts.push('');
  };
  for (const { kind, text } of pieces) {
    const parts = text.split(mark);
    if (kind === 'literal' && parts.length > 1) {
      const inner = text.slice(1, -1).split(mark);
      add('(');
      for (const [i, part] of inner.entries()) {
        if (i > 0) {
          add(i > 1 || inner[0] !== '' ? ' || CAST(' : 'CAST(');
          bind();
          add(' AS VARCHAR)');
        }
        if (part !== '') add(i > 0 ? ` || '${part}'` : `'${part}'`);
      }
      add(')');
      continue;
    }
    for (const [i, part] of parts.entries()) {
      if (i > 0) {
        const one = kind === 'bare' ? undefined : queue.shift();
        if (kind === 'bare') bind();
        else if (one && kind === 'name') add(asText(one).replaceAll('"', '""'));
      }
      add(part);
    }
  }
  return { texts, values };
}
