import type { EditResult } from '../../model/resource.ts';
import type { Regex } from './regex.ts';
import type { Replacement } from './replacement.ts';

/** What is replaced by what, and in which part of the text. */
export interface Replacing {
  pattern: Regex;
  expand: Replacement;
  /** A pattern whose group `subsection` is the part to work on. */
  section?: Regex;
}

/** Replaces every match, by the rules of Ansible's replace. */
export function replaceAll(text: string | undefined, { pattern, expand, section }: Replacing): EditResult {
  if (text === undefined) return { failure: 'the file does not exist' };
  const part = section === undefined ? { start: 0, end: text.length } : section.find(text)?.groupSpan('subsection');
  if (part === undefined) {
    return { text, fields: { msg: 'before and after do not fit the file', replacements: 0 } };
  }
  const old = text.slice(part.start, part.end);
  const pieces: string[] = [];
  let from = 0;
  const matches = pattern.all(old);
  for (const match of matches) {
    pieces.push(old.slice(from, match.start), expand(match));
    from = match.end;
  }
  const made = pieces.join('') + old.slice(from);
  const count = made === old ? 0 : matches.length;
  return {
    text: text.slice(0, part.start) + made + text.slice(part.end),
    fields: { msg: count === 0 ? '' : `${count} replacements made`, replacements: count },
  };
}
