import type { Fields } from '../model/value.ts';
import { cellText } from './cells.ts';
import { isNumeric } from './sql.ts';
import type { Column } from './step.ts';

/** Text in HTML, between tags or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Mail programs read styles only where they are used. */
const CELL = 'padding:4px 10px;border-bottom:1px solid #ddd;';

/** A table in HTML, to stand in a page or in a mail. */
export function htmlTable(columns: readonly Column[], rows: readonly Fields[]): string {
  const cell = (tag: 'th' | 'td', column: Column, text: string): string =>
    `<${tag} style="${CELL}text-align:${isNumeric(column) ? 'right' : 'left'}">${escapeHtml(text)}</${tag}>`;
  const head = columns.map((column) => cell('th', column, column.name)).join('');
  const body = rows.map(
    (row) => `<tr>${columns.map((column) => cell('td', column, cellText(row[column.name] ?? null))).join('')}</tr>\n`,
  );
  return `<table style="border-collapse:collapse;font:14px sans-serif">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n`;
}

/** A page with nothing but a table. */
export function htmlPage(table: string, title: string): string {
  const name = escapeHtml(title);
  return `<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>${name}</title></head>\n<body>\n${title === '' ? '' : `<h1 style="font:bold 20px sans-serif">${name}</h1>\n`}${table}</body>\n</html>\n`;
}
