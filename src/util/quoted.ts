import { cleanText } from './clean-text.ts';

const longest = 80;

/** A name in double quotes for a message: safe to show on a terminal, and cut when it is long. */
export function quoted(text: string): string {
  return `"${cleanText(text.length > longest ? `${text.slice(0, longest)}…` : text)}"`;
}
