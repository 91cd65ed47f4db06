import { commands } from './commands.ts';
import type { Position } from './plan.ts';
import { atMark, copy, escaped, peek, type Reader, sees, value } from './reader.ts';

const DOLLAR: Position = {
  kind: 'refused',
  where: 'right after $',
  advice:
    'a value is never a variable of the shell: leave the $ out, or write \\$ and the value in quotes for a dollar sign',
};

/** Deeper nesting is not read: values in it are refused. */
const DEEPEST = 100;
const TOO_DEEP: Position = {
  kind: 'refused',
  where: 'so deep inside expansions',
  advice: 'put parts of the command into variables',
};

/** Reads what a `$` starts. `quoted` = inside "…" or a here-document, where '…' and $'…' mean nothing. */
export function dollar(reader: Reader, quoted: boolean): void {
  reader.depth++;
  if (reader.depth <= DEEPEST) expansion(reader, quoted);
  else while (peek(reader) !== '') atMark(reader) ? value(reader, TOO_DEEP) : copy(reader, 1);
  reader.depth--;
}

function expansion(reader: Reader, quoted: boolean): void {
  if (sees(reader, '$((')) {
    copy(reader, 3);
    arithmetic(reader, '))');
  } else if (sees(reader, '$(')) {
    copy(reader, 2);
    commands(reader, ')');
  } else if (sees(reader, '${')) {
    copy(reader, 2);
    parameter(reader, quoted);
  } else if (sees(reader, '$[')) {
    copy(reader, 2);
    arithmetic(reader, ']');
  } else if (!quoted && sees(reader, "$'")) {
    copy(reader, 2);
    ansi(reader);
  } else if (/[$?!#@*0-9-]/.test(peek(reader, 1))) copy(reader, 2);
  else {
    copy(reader, 1);
    if (atMark(reader)) value(reader, DOLLAR);
  }
}

/** Inside "…", up to and with the closing quote. */
export function double(reader: Reader): void {
  while (peek(reader) !== '') {
    if (peek(reader) === '"') {
      copy(reader, 1);
      return;
    }
    expandable(reader, { kind: 'double', where: 'inside "…"' });
  }
}

/** One step in text where `$`, backquotes and backslashes work and quotes do not: "…" and unquoted here-documents. */
export function expandable(reader: Reader, position: Position): void {
  const char = peek(reader);
  if (char === '\\') escaped(reader);
  else if (char === '$') dollar(reader, true);
  else if (char === '`' && reader.backquotes === 0) backquoted(reader);
  else if (atMark(reader)) value(reader, position);
  else copy(reader, 1);
}

/** Inside '…', up to and with the closing quote. */
export function single(reader: Reader): void {
  while (peek(reader) !== '') {
    if (atMark(reader)) value(reader, { kind: 'single', where: "inside '…'" });
    else if (copy(reader, 1) === "'") return;
  }
}

/** Inside $'…', where a backslash escapes. */
function ansi(reader: Reader): void {
  while (peek(reader) !== '') {
    if (peek(reader) === '\\') escaped(reader);
    else if (atMark(reader)) value(reader, { kind: 'ansi', where: "inside $'…'" });
    else if (copy(reader, 1) === "'") return;
  }
}

/** `…` in backquotes. */
export function backquoted(reader: Reader): void {
  copy(reader, 1);
  reader.backquotes++;
  commands(reader, '`');
  reader.backquotes--;
}

/** Text that the shell computes, up to and with `end`; parentheses and brackets in it come in pairs. */
export function arithmetic(reader: Reader, end: string): void {
  const position: Position = { kind: 'integer', where: 'a place that the shell computes' };
  let depth = 0;
  while (peek(reader) !== '') {
    if (depth === 0 && sees(reader, end)) {
      copy(reader, end.length);
      return;
    }
    const char = peek(reader);
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth = Math.max(0, depth - 1);
    expandable(reader, position);
  }
}

/** Inside `${…}`, up to and with the brace. */
function parameter(reader: Reader, quoted: boolean): void {
  while (/[\w@*#?$!-]/.test(peek(reader))) {
    // `${x#…}` and `${x-…}`: an operator, once a name has been read.
    if (/[#?-]/.test(peek(reader)) && /[\w@*]/.test(reader.tape.text[reader.at - 1] ?? '')) break;
    copy(reader, 1);
  }
  if (atMark(reader)) {
    const advice = 'name the variable in the text, or use the value itself';
    value(reader, { kind: 'refused', where: 'inside ${ } as a name', advice });
  }
  if (peek(reader) === '[') {
    copy(reader, 1);
    arithmetic(reader, ']');
  }
  const operator =
    /^(?::[-=?+]|[-=?+]|:|##?|%%?|\/[/#%]?|\^\^?|,,?)/.exec(reader.tape.text.slice(reader.at, reader.at + 2))?.[0] ??
    '';
  if (operator !== '') copy(reader, operator.length);
  if (operator === ':') {
    arithmetic(reader, '}');
    return;
  }
  // In a pattern quotes work even inside "…": that is how a value is kept from being a pattern.
  const isPattern = /^[#%/^,]/.test(operator);
  const wordly = isPattern || !quoted;
  while (peek(reader) !== '') {
    const char = peek(reader);
    if (char === '}') {
      copy(reader, 1);
      return;
    }
    if (char === '"') {
      copy(reader, 1);
      double(reader);
    } else if (char === "'" && wordly) {
      copy(reader, 1);
      single(reader);
    } else if (atMark(reader))
      value(reader, wordly ? { kind: 'word', alone: false } : { kind: 'double', where: 'inside "…"' });
    else if (char === '$') dollar(reader, !wordly);
    else expandable(reader, { kind: 'double', where: 'inside ${…}' });
  }
}
