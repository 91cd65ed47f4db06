import type { Fields } from '../model/value.ts';
import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';
import { cellText } from './cells.ts';
import { isNumeric } from './sql.ts';
import type { Column } from './step.ts';

/** Wider cells are cut: a table is to be read in a terminal. */
const WIDEST = 60;

/** A table for a terminal: columns aligned, numbers to the right. */
export function textTable(columns: readonly Column[], rows: readonly Fields[]): string {
  const cells = [
    columns.map(({ name }) => shown(name)),
    ...rows.map((row) => columns.map(({ name }) => shown(cellText(row[name] ?? null)))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => textWidth(row[i] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - textWidth(cell)));
        const column = columns[i];
        return column && isNumeric(column) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `${lines.join('\n')}\n`;
}

function shown(text: string): string {
  const line = cleanText(text);
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}

/** A table in Markdown (GitHub's form). */
export function markdownTable(columns: readonly Column[], rows: readonly Fields[]): string {
  const marked = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '<br>');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ name }) => marked(name))),
    line(columns.map((column) => (isNumeric(column) ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ name }) => marked(cellText(row[name] ?? null))))),
  ].join('');
}
