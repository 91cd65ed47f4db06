import { PacketError } from './packet-error.ts';

/** A word, an address, a number or an operator of a filter. */
export interface Token {
  text: string;
  kind: 'word' | 'number' | 'operator' | 'end';
}

const hex = '[0-9a-fA-F]';
const outside = new RegExp(
  [
    `(?<address>${hex}{1,2}(?:[:-]${hex}{1,2}){5}(?![:\\w])|(?:${hex}{0,4}:){2,7}(?:\\d+\\.\\d+\\.\\d+\\.\\d+|${hex}{0,4})(?:/\\d+)?)`,
    '(?<dotted>\\d+(?:\\.\\d+){1,3}(?:/\\d+)?|\\d+/\\d+)',
    '(?<number>0x[0-9a-fA-F]+|\\d+)(?!\\d|[\\w.-]*[a-zA-Z]|-\\d)',
    '(?<word>\\\\?[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?)',
    '(?<operator>&&|\\|\\||<<|>>|[!<>=]=|[()\\[\\]:!<>=&|^+*/%-])',
  ].join('|'),
  'y',
);
/** Between brackets `2:4` is a range and no address. */
const inside = /(?<number>0x[0-9a-fA-F]+|\d+)|(?<word>[A-Za-z][-A-Za-z0-9]*)|(?<operator><<|>>|[()[\]:&|^+*/%-])/y;

/** The tokens of a filter, the last of which is the end. Throws PacketError. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const form = depth > 0 ? inside : outside;
    form.lastIndex = at;
    const match = form.exec(text);
    if (!match) throw new PacketError(`filter: "${text.slice(at, at + 20)}" cannot be read`);
    const [word] = match;
    const { number, operator } = match.groups ?? {};
    if (word === '[') depth += 1;
    if (word === ']') depth -= 1;
    tokens.push({ text: word, kind: number !== undefined ? 'number' : operator !== undefined ? 'operator' : 'word' });
    at += word.length;
  }
  return [...tokens, { text: 'the end', kind: 'end' }];
}
