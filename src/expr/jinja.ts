import { functionNamed, functionNames } from '../functions/catalogue.ts';
import { type Token, tokens } from './tokens.ts';

/**
 * What a Jinja expression is in CEL, or undefined when it holds nothing of Jinja's, or something that has no counterpart.
 * Used only to show the author the rewritten line.
 */
export function fromJinja(text: string): string | undefined {
  const inner = withoutBraces(text);
  const source = tokens(inner);
  const ternary = inlineIf(inner, source);
  if (ternary !== undefined) return ternary;
  const [, value, other] = /^([A-Za-z_][\w.]*)\s+or\s+(omit|"[^"]*"|'[^']*')$/.exec(inner.trim()) ?? [];
  if (value !== undefined && other !== undefined) return unlessEmpty(value, other);
  const out = rewrite(source);
  const rewritten = out && spell(out);
  return rewritten === undefined || rewritten === text.trim() ? undefined : rewritten;
}

/** `{{x}}` is `x`; a condition is an expression already. */
function withoutBraces(text: string): string {
  const trimmed = text.trim();
  const whole = /^\{\{(?!.*\{\{)=?(.*)\}\}$/s.exec(trimmed);
  if (whole) return (whole[1] ?? '').trim();
  return trimmed.replace(/(["']?)\{\{=?\s*(.*?)\s*\}\}\1/gs, (_, __, name: string) => name);
}

/** `a if c else b` is `c ? a : b`. */
function inlineIf(text: string, source: Token[]): string | undefined {
  const test = source.find((token) => token.text === 'if');
  const other = source.find((token) => token.text === 'else');
  if (!test || !other || other.start < test.start) return undefined;
  const part = (from: number, to: number): string => {
    const piece = text.slice(from, to).trim();
    return fromJinja(piece) ?? piece;
  };
  return `${part(test.end, other.start)} ? ${part(0, test.start)} : ${part(other.end, text.length)}`;
}

/** One written token, with the white space before it. */
interface Piece {
  text: string;
  gap: string;
}

type Rule = (out: Piece[], rest: Token[]) => boolean;

const WORDS: Record<string, string> = { and: '&&', or: '||', True: 'true', False: 'false', None: 'null', none: 'null' };
const STATES: Record<string, string> = {
  changed: '.changed',
  failed: '.failed',
  failure: '.failed',
  skipped: '.skipped',
  succeeded: '.failed',
  success: '.failed',
};
/** Filters that CEL itself has as functions of another name. */
const CALLS: Record<string, string> = { length: 'size', count: 'size', int: 'int', string: 'string', float: 'double' };

function rewrite(source: Token[]): Piece[] | undefined {
  const out: Piece[] = [];
  const rest = [...source];
  let end = rest[0]?.start ?? 0;
  for (let token = rest.shift(); token; token = rest.shift()) {
    const gap = token.start > end ? ' ' : '';
    end = token.end;
    const rule = token.kind === 'string' ? undefined : RULES[token.text];
    if (rule) {
      const before = rest.length;
      if (!rule(out, rest)) return undefined;
      end = source[source.length - rest.length - 1]?.end ?? end;
      if (before === rest.length && token.text === 'not') end = rest[0]?.start ?? end;
    } else if (token.kind === 'other' && token.text !== '~') return undefined;
    else out.push({ text: token.text === '~' ? '+' : (WORDS[token.text] ?? token.text), gap });
  }
  return out;
}

const RULES: Record<string, Rule> = {
  not: (out, rest) => {
    if (rest[0]?.text !== 'in') {
      out.push({ text: '!', gap: out.length > 0 ? ' ' : '' });
      return true;
    }
    rest.shift();
    const item = operand(out);
    const list = takeOperand(rest);
    out.push({ text: `!(${item} in ${list})`, gap: out.length > 0 ? ' ' : '' });
    return item !== '' && list !== '';
  },
  is: (out, rest) => {
    const negated = rest[0]?.text === 'not' && rest.shift() !== undefined;
    const test = rest.shift()?.text ?? '';
    const args = takeArguments(rest);
    const subject = operand(out);
    const text = isTest(subject, test, args, negated);
    if (text !== undefined) out.push({ text, gap: out.length > 0 ? ' ' : '' });
    return subject !== '' && text !== undefined;
  },
  '|': (out, rest) => {
    const filter = rest.shift()?.text ?? '';
    const args = takeArguments(rest);
    const subject = operand(out);
    const text = applyFilter(subject, filter, args);
    if (text !== undefined) out.push({ text, gap: out.length > 0 ? ' ' : '' });
    return subject !== '' && text !== undefined;
  },
};

function isTest(subject: string, test: string, args: string | undefined, negated: boolean): string | undefined {
  const not = (text: string): string => (negated ? `!${text}` : text);
  if (test === 'defined') return not(`has(${subject.includes('.') ? subject : `vars.${subject}`})`);
  if (test === 'undefined') return isTest(subject, 'defined', args, !negated);
  if (test === 'none') return `${subject} ${negated ? '!=' : '=='} null`;
  if (test === 'match' || test === 'search' || test === 'regex') return not(`${subject}.matches(${args ?? '""'})`);
  const state = STATES[test];
  if (state === undefined) return undefined;
  const opposite = test === 'succeeded' || test === 'success';
  return `${opposite !== negated ? '!' : ''}${subject}${state}`;
}

function applyFilter(subject: string, filter: string, args: string | undefined): string | undefined {
  if (filter === 'default' || filter === 'd') {
    const [, fallback] = /^(.*\S)\s*,\s*(?:boolean=)?[Tt]rue$/s.exec(args ?? '') ?? [];
    return fallback === undefined
      ? `${maybe(subject)}.orValue(${args ?? '""'})`
      : `(${unlessEmpty(subject, fallback)})`;
  }
  const call = CALLS[filter];
  if (call !== undefined) return `${call}(${subject})`;
  if (filter === 'list') return subject;
  const name = functionOfFilter(filter);
  return name === undefined ? undefined : `${subject}.${name}(${args ?? ''})`;
}

/** A value that may not be there, as an optional. */
function maybe(subject: string): string {
  const dot = subject.lastIndexOf('.');
  return dot === -1 ? `vars.?${subject}` : `${subject.slice(0, dot)}.?${subject.slice(dot + 1)}`;
}

/** Jinja takes what is empty for what is not there, when it is told to. */
function unlessEmpty(subject: string, other: string): string {
  return `${maybe(subject)}.orValue("") != "" ? ${subject} : ${other}`;
}

/** What a filter of Jinja or Ansible is called here: the same, or what we know that it is called elsewhere. */
export function functionOfFilter(filter: string): string | undefined {
  const definition =
    functionNamed(filter) ??
    functionNames()
      .map(functionNamed)
      .find((one) => one?.alsoCalled?.includes(filter));
  return definition?.name;
}

/** Takes the operand at the end of what is written: a name, a call, a literal or a group, with what hangs on it. */
function operand(out: Piece[]): string {
  let from = out.length;
  for (;;) {
    const piece = out[from - 1];
    if (!piece || /^(?:&&|\|\||[!<>=]=?|[-+*/%,:?([{])$/.test(piece.text)) break;
    if (piece.text === ')' || piece.text === ']') {
      let depth = 0;
      do {
        from--;
        const text = out[from]?.text ?? '';
        if (text === ')' || text === ']') depth++;
        if (text === '(' || text === '[') depth--;
      } while (depth > 0 && from > 0);
    } else from--;
    const before = out[from - 1]?.text;
    if (piece.text !== '.' && before !== '.' && !((piece.text === ')' || piece.text === ']') && isName(before))) break;
  }
  return spell(out.splice(from));
}

function isName(text: string | undefined): boolean {
  return text !== undefined && /^\w+$/.test(text) && text !== 'in';
}

function takeOperand(rest: Token[]): string {
  const first = rest.shift();
  if (!first) return '';
  let text = first.text;
  if (text === '[' || text === '(') {
    let depth = 1;
    for (let token = rest.shift(); token; token = rest.shift()) {
      text += token.text === ',' ? ', ' : token.text;
      if ('[('.includes(token.text)) depth++;
      if ('])'.includes(token.text) && --depth === 0) break;
    }
    return text;
  }
  while (rest[0]?.text === '.' && rest[1]) text += `${rest.shift()?.text}${rest.shift()?.text}`;
  return text;
}

/** The text between the parentheses that follow, if there are any. */
function takeArguments(rest: Token[]): string | undefined {
  if (rest[0]?.text !== '(') return undefined;
  return takeOperand(rest).slice(1, -1);
}

function spell(pieces: Piece[]): string {
  return pieces.map((piece, i) => (i === 0 ? piece.text : piece.gap + piece.text)).join('');
}
