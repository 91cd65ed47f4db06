import type { Tape } from './plan.ts';

/** A word of a command line: pieces of the author's text, and values by their number. */
export interface Word {
  parts: (string | { index: number })[];
  /** Some of it stood in quotes, so that it is a word even when it is empty. */
  quoted: boolean;
}

/**
 * Splits a command line into words as a shell does (white space, '…', "…", backslash), before values are put in. Nothing else means anything:
 * no variables, no `~`, no globs. An open quote is told by its offset.
 */
export function splitWords({ text, mark }: Tape): { words: Word[] } | { unclosed: { quote: string; at: number } } {
  const words: Word[] = [];
  let word: Word | undefined;
  let index = 0;
  const open = (): Word => {
    if (!word) {
      word = { parts: [], quoted: false };
      words.push(word);
    }
    return word;
  };
  const add = (piece: string): void => {
    const { parts } = open();
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + piece;
    else parts.push(piece);
  };
  const take = (char: string): void => {
    if (char === mark) open().parts.push({ index: index++ });
    else add(char);
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) word = undefined;
    else if (char === '\\') {
      at++;
      if (at < text.length && text[at] !== '\n') take(text[at] ?? '');
    } else if (char === "'" || char === '"') {
      open().quoted = true;
      const start = at;
      for (at++; text[at] !== char; at++) {
        if (at >= text.length) return { unclosed: { quote: char, at: start } };
        // In "…" a backslash escapes only what would mean something there (POSIX 2.2.3).
        const escapes = char === '"' && text[at] === '\\' && /["\\$`\n]/.test(text[at + 1] ?? '');
        if (escapes && text[++at] === '\n') continue;
        take(text[at] ?? '');
      }
    } else take(char);
  }
  return { words };
}
