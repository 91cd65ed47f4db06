import { FunctionError } from './function.ts';
import type { Found, Pattern } from './pattern.ts';

/** Reads a replacement text as Python does: `\1`, `\g<1>`, `\g<name>`, `\n`, `\t` and `\\`. Throws FunctionError for groups that are not there. */
export function readReplacement(text: string, pattern: Pattern): (found: Found) => string {
  const parts = [...text.matchAll(/\\(?:g<([^>]*)>|([1-9][0-9]?)|([\s\S]?))|[^\\]+/g)].map((piece): string | number => {
    const [whole, name, number, other] = piece;
    if (name !== undefined) return groupNumber(name, pattern);
    if (number !== undefined) return groupNumber(number, pattern);
    if (other === undefined) return whole;
    const known = { n: '\n', t: '\t', r: '\r', '\\': '\\' }[other];
    if (known !== undefined) return known;
    if (other === '') throw new FunctionError('the replacement ends in a single \\; a backslash is written \\\\');
    if (/[A-Za-z0-9]/.test(other)) throw new FunctionError(`\\${other} means nothing in a replacement`);
    return whole;
  });
  return ({ groups }) => parts.map((part) => (typeof part === 'number' ? (groups[part] ?? '') : part)).join('');
}

function groupNumber(name: string, { names, groupCount }: Pattern): number {
  const number = /^[0-9]+$/.test(name) ? Number(name) : names[name];
  if (number === undefined || number > groupCount) throw new FunctionError(`the pattern has no group ${name}`);
  return number;
}
