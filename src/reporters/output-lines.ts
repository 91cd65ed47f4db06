import { cleanText } from '../util/clean-text.ts';
import { truncate } from '../util/text-width.ts';
import { plural } from './names.ts';
import type { Style } from './style.ts';

/** Characters of one line of output that are looked at; a line may be megabytes long. */
const LONGEST = 400;

/** What of a step's output is shown: the last lines, or `all`. */
export interface OutputAmount {
  style: Style;
  lines: number | 'all';
}

/** The last lines of an output, cleaned, each behind a bar; empty for no output. */
export function outputLines(text: string | undefined, { style, lines: amount }: OutputAmount): string[] {
  if (!text) return [];
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const shown = amount === 'all' ? lines : lines.slice(-amount);
  const { bar, ellipsis } = style.symbols;
  const printed = shown.map((line) => `${style.dim(bar)} ${shorten(line, ellipsis)}`.trimEnd());
  const hidden = lines.length - shown.length;
  return hidden > 0 ? [style.dim(`${bar} ${ellipsis} ${plural(hidden, 'line')} before`), ...printed] : printed;
}

function shorten(line: string, ellipsis: string): string {
  return truncate(cleanText(line.slice(0, LONGEST + 1)), LONGEST, ellipsis);
}
