import type { Place } from '../../expr/place.ts';
import { kindOf } from '../../functions/words.ts';
import type { Value } from '../../model/value.ts';
import { type Problem, ProblemError, problem } from '../../problems/problem.ts';
import { written } from '../evaluate.ts';
import type { Operand } from '../nodes.ts';
import type { Piece, Position } from './plan.ts';

/** A value on its way into shell text. */
export interface Given {
  value: Value;
  operand: Operand;
}

/** Shell text, and the variables that have to be set (not exported) before it runs. */
export interface ShellText {
  text: string;
  assign: Record<string, string>;
}

const INTEGER = /^-?(?:0|[1-9][0-9]{0,17})$/;

/**
 * Writes shell text from its pieces: every value becomes a reference to a variable `__p1`, `__p2` …, so that no value is ever read as
 * shell. Throws ProblemError where a value cannot stand.
 */
export function putIn(pieces: readonly Piece[], given: readonly Given[], place: Place): ShellText {
  const names = new Map<string, string>();
  const assign: Record<string, string> = {};
  const name = (text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const fresh = `__p${names.size + 1}`;
    names.set(text, fresh);
    assign[fresh] = text;
    return fresh;
  };
  const fail = (one: Given, make: (path: string, at: Problem['at']) => Problem): never => {
    throw new ProblemError(make(written(one.operand), place(one.operand.range.start, one.operand.range.end)));
  };

  const put = (position: Position, one: Given): string => {
    if (position.kind === 'comment') return '';
    if (position.kind === 'refused') {
      const { where, advice } = position;
      return fail(one, (path, at) => problem('E_SHELL_PLACE', { path, where, advice }, at));
    }
    if (Array.isArray(one.value)) return list(position, one, one.value);
    const text = scalar(one, one.value);
    const computed =
      position.kind === 'integer' ? position.where : 'computed' in position ? position.computed : undefined;
    if (computed !== undefined && !INTEGER.test(text)) {
      return fail(one, (path, at) => problem('E_SHELL_INTEGER', { path, where: computed }, at));
    }
    switch (position.kind) {
      case 'word':
        return `"$${name(text)}"`;
      case 'double':
        return `\${${name(text)}}`;
      case 'single':
        return `'"$${name(text)}"'`;
      case 'ansi':
        return `'"$${name(text)}"$'`;
      case 'integer':
        // `5-{{n}}` with n = -3 must not become `5--3`.
        return text.startsWith('-') ? `(\${${name(text)}})` : `\${${name(text)}}`;
      case 'text':
        return text;
    }
  };

  const list = (position: Position, one: Given, items: Value[]): string => {
    if (position.kind === 'word' && position.alone && position.computed === undefined) {
      return items.map((item) => `"$${name(scalar(one, item, 'an item of '))}"`).join(' ');
    }
    const where =
      position.kind === 'word' ? 'next to other text' : 'where' in position ? position.where : 'in a here-document';
    return fail(one, (path, at) => problem('E_SHELL_LIST', { path, where }, at));
  };

  const scalar = (one: Given, value: Value, item = ''): string => {
    if (typeof value === 'object') {
      return fail(one, (path, at) => problem('E_SHELL_MAP', { path: item + path, kind: kindOf(value) }, at));
    }
    const text = String(value);
    return text.includes('\0') ? fail(one, (path, at) => problem('E_SHELL_NUL', { path: item + path }, at)) : text;
  };

  const write = (some: readonly Piece[]): string =>
    some
      .map((piece) => {
        if (piece.kind === 'author') return piece.text;
        if (piece.kind === 'document') return hereDocument(piece);
        const one = given[piece.index];
        return one ? put(piece.position, one) : '';
      })
      .join('');

  /** No line that a value makes, alone or together with the text around it, may end or spoil the document; nor lose tabs to `<<-`. */
  const hereDocument = ({ pieces: body, delimiter, stripsTabs }: Extract<Piece, { kind: 'document' }>): string => {
    let text = '';
    for (const piece of body) {
      const before = text;
      text += write([piece]);
      const one = piece.kind === 'value' && given[piece.index];
      if (!one) continue;
      const added = text.slice(before.length);
      if (stripsTabs && (/\n\t/.test(added) || (/(?:^|\n)\t*$/.test(before) && added.startsWith('\t')))) {
        const advice = 'use << without the -, which takes tabs away at the beginnings of lines';
        fail(one, (path, at) =>
          problem('E_SHELL_PLACE', { path, where: 'in a <<- here-document, as it holds tabs', advice }, at),
        );
      }
    }
    const spoilt = text.split('\n').some((line) => spoils(stripsTabs ? line.replace(/^\t+/, '') : line, delimiter));
    const culprit = body.find((piece) => piece.kind === 'value');
    const one = spoilt && culprit?.kind === 'value' && given[culprit.index];
    if (one) fail(one, (path, at) => problem('E_SHELL_HEREDOC', { path, delimiter }, at));
    return text;
  };

  const text = write(pieces);
  return { text, assign };
}

/**
 * Whether a line ends a here-document, or is not read as it is. Bash, within `$( )`, takes a line that begins like the delimiter and goes on
 * to a `)` for the end, and what follows for commands; dash loses a byte of a character beyond ASCII that comes after letters of the delimiter.
 */
function spoils(line: string, delimiter: string): boolean {
  let same = 0;
  while (same < delimiter.length && line[same] === delimiter[same]) same++;
  if (same === delimiter.length && (line.length === same || line.includes(')', same))) return true;
  return same > 0 && (line.codePointAt(same) ?? 0) > 127;
}
