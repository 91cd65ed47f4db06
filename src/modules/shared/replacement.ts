import { badArgs } from './args.ts';
import type { Match, Regex } from './regex.ts';

/** Fills a replacement text in for one match. */
export type Replacement = (match: Match) => string;

const controls: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * Reads a replacement as Python's `re.sub` does: `\1`, `\g<1>`, `\g<name>`, `\n`, `\t`, `\\`, octal `\0` and `\123`; other escaped
 * letters are mistakes, everything else is text. A group that took no part gives nothing. Throws ProblemError.
 */
export function replacement(module: string, param: string, template: string, regex: Regex): Replacement {
  const parts = [
    ...template.matchAll(/\\(?:g<([^>]*)>|(0[0-7]{0,2}|[0-3][0-7]{2})|([1-9][0-9]?)|([\s\S]?))|[^\\]+/gu),
  ].map((found): string | { group: number | string } => {
    const [whole, name, octal, number, other] = found;
    if (name !== undefined) return { group: /^[0-9]+$/.test(name) ? Number(name) : name };
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (number !== undefined) return { group: Number(number) };
    if (other === undefined) return whole;
    const control = controls[other];
    if (control !== undefined) return control;
    if (other === '') throw badArgs(module, `${param} ends in a single \\`, 'write \\\\ for a backslash');
    if (/[A-Za-z]/.test(other)) {
      throw badArgs(module, `\\${other} means nothing in ${param}`, `write \\\\${other} for a backslash and ${other}`);
    }
    return whole;
  });
  for (const part of parts) {
    if (typeof part === 'string') continue;
    const known =
      typeof part.group === 'number' ? part.group <= regex.groupCount : regex.groupNames.includes(part.group);
    if (!known) throw badArgs(module, `${param} names group ${part.group}, which the pattern does not have`);
  }
  return (match) => parts.map((part) => (typeof part === 'string' ? part : (match.group(part.group) ?? ''))).join('');
}
