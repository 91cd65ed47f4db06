import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';

/** A line of a file as it is shown: safe text, and the columns below which the marks stand. */
export interface Excerpt {
  text: string;
  /** Columns before the first mark. */
  column: number;
  /** Columns that are marked, at least one. */
  length: number;
}

const TAB_STOP = 4;
/** Columns kept before a mark when a line has to be cut. */
const LEAD = 12;
/** Nothing farther away from the marked place than this is looked at; no terminal is wider. */
const REACH = 2_000;

interface Cell {
  text: string;
  column: number;
  width: number;
}

/**
 * One line cut to `room` columns around the marked stretch (`start` and `end` are UTF-16 offsets in the line).
 * Tabs become spaces, control and bidirectional characters are spelled out, wide characters count two columns.
 */
export function excerpt(line: string, start: number, end: number, room: number): Excerpt {
  const from = Math.max(0, start - REACH);
  const before = cells(line.slice(from, start), 0);
  const marked = cells(line.slice(start, Math.min(end, start + REACH)), endOf(before));
  const after = cells(line.slice(end, end + REACH), endOf(marked));
  const all = [...before, ...marked, ...after];
  const column = endOf(before);
  const length = Math.max(1, endOf(marked) - column);
  const total = endOf(all);
  if (total <= room && from === 0) return { text: all.map((cell) => cell.text).join(''), column, length };

  const centred = column + Math.floor(Math.min(length, room) / 2) - Math.floor(room / 2);
  const left = Math.max(0, Math.min(centred, total - room, column - LEAD));
  const right = left + room;
  const cutLeft = left > 0 || from > 0;
  const cutRight = right < total;
  const shown = all.filter(
    (cell) => cell.column >= left + (cutLeft ? 1 : 0) && cell.column + cell.width <= right - (cutRight ? 1 : 0),
  );
  const first = shown[0]?.column ?? column;
  const shift = first - (cutLeft ? 1 : 0);
  const text = `${cutLeft ? '…' : ''}${shown.map((cell) => cell.text).join('')}${cutRight ? '…' : ''}`;
  const at = Math.max(0, column - shift);
  return { text, column: at, length: Math.max(1, Math.min(length, textWidth(text) - at)) };
}

function cells(text: string, column: number): Cell[] {
  const list: Cell[] = [];
  let at = column;
  for (const char of text) {
    const shown = char === '\t' ? ' '.repeat(TAB_STOP - (at % TAB_STOP)) : cleanText(char);
    const width = textWidth(shown);
    list.push({ text: shown, column: at, width });
    at += width;
  }
  return list;
}

function endOf(list: readonly Cell[]): number {
  const last = list.at(-1);
  return last ? last.column + last.width : 0;
}
