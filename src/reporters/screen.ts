import { stripVTControlCharacters } from 'node:util';
import { textWidth } from '../util/text-width.ts';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** Terminals that know it show the frame when it is complete; others ignore it. */
const BEGIN_UPDATE = '\x1b[?2026h';
const END_UPDATE = '\x1b[?2026l';
const CLEAR_TO_END = '\x1b[J';
const CLEAR_LINE_END = '\x1b[K';

/** A picture at the bottom of the terminal that is replaced again and again; what is printed above it stays. */
export interface Screen {
  /** Prints lines above, then the picture; nothing is written when neither changed. */
  draw(frame: readonly string[], above?: readonly string[]): void;
  /** Takes the picture away and shows the cursor again. */
  clear(above?: readonly string[]): void;
}

/** Draws by `raw`. `width` tells the present number of columns, to know how many rows a line takes after the terminal became narrower. */
export function createScreen({ raw, width }: { raw(text: string): void; width(): number }): Screen {
  let drawn: readonly string[] = [];
  let hidden = false;

  /** To the first column of the picture's first row. */
  function home(): string {
    const rows = drawn.reduce((sum, line) => sum + rowsOf(line, width()), 0);
    return rows === 0 ? '' : `\r\x1b[${rows}A`;
  }

  return {
    draw(frame, above = []) {
      if (above.length === 0 && same(frame, drawn) && hidden) return;
      const text = (lines: readonly string[]): string => lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
      raw(
        `${hidden ? '' : HIDE_CURSOR}${BEGIN_UPDATE}${home()}${text(above)}${text(frame)}${CLEAR_TO_END}${END_UPDATE}`,
      );
      drawn = frame;
      hidden = true;
    },
    clear(above = []) {
      const text = above.map((line) => `${line}\n`).join('');
      if (hidden) raw(`${home()}${CLEAR_TO_END}${text}${SHOW_CURSOR}`);
      else raw(text);
      drawn = [];
      hidden = false;
    },
  };
}

function rowsOf(line: string, width: number): number {
  return Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / Math.max(1, width)));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
