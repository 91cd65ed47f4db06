import type { Sh } from '../model/resource.ts';

/** What may stand in a `sh` template: values are quoted, lists become several words, other Sh goes in as it is. */
export type ShPart = string | number | Sh | readonly (string | number)[];

/**
 * One POSIX shell word that stands for exactly this text (POSIX 2.2.2: nothing is special inside single quotes).
 * Plain words stay bare so that programs are easy to read. NUL cannot stand in a shell word and throws.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('a shell word cannot hold NUL');
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Shell text with every value quoted: sh`chown -- ${owner} ${path}`. */
export function sh(strings: TemplateStringsArray, ...parts: ShPart[]): Sh {
  let text = strings[0] ?? '';
  parts.forEach((part, i) => {
    text += render(part) + (strings[i + 1] ?? '');
  });
  return { sh: text };
}

/** Text that is already shell: for constants and for what was quoted before. */
export function raw(text: string): Sh {
  return { sh: text };
}

/** Pieces joined by a separator, newline unless said. */
export function joinSh(pieces: readonly Sh[], separator = '\n'): Sh {
  return { sh: pieces.map((piece) => piece.sh).join(separator) };
}

function render(part: ShPart): string {
  if (typeof part === 'string') return quote(part);
  if (typeof part === 'number') return String(part);
  if ('sh' in part) return part.sh;
  return part.map((word) => quote(String(word))).join(' ');
}
