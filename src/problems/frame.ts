import { Chalk, type ChalkInstance } from 'chalk';
import type { Sources, Span } from '../model/span.ts';
import { cleanLines } from '../util/clean-text.ts';
import { truncate } from '../util/text-width.ts';
import { excerpt } from './excerpt.ts';
import { type Lines, linesOf } from './lines.ts';
import { arranged } from './order.ts';
import { isWarning, type Problem, sentence } from './problem.ts';

/** What problems are printed with. */
export interface FrameOptions {
  /** The text of every file that a span may name. */
  sources: Sources;
  /** Columns of the terminal; lines of files are cut to fit, sentences are not. */
  width: number;
  color: boolean;
}

/**
 * Every problem as people read it: the sentence, the place, the line with the exact stretch marked, other places that belong to it, and what to do.
 * Files in the order they were read, places from top to bottom, problems without a place last; equal ones once, at most a hundred in all. Ends with the count and a newline; empty without problems.
 */
export function printProblems(problems: readonly Problem[], options: FrameOptions): string {
  const page: Page = { ...options, paint: new Chalk({ level: options.color ? 1 : 0 }), lines: new Map() };
  const ordered = arranged(problems, options.sources);
  if (ordered.length === 0) return '';
  const blocks = ordered.slice(0, MOST).map((one) => block(one, page));
  const hidden = ordered.length > MOST ? ` (the first ${MOST} are shown)` : '';
  const warnings = ordered.filter(isWarning).length;
  const counts = [counted(ordered.length - warnings, 'problem'), counted(warnings, 'warning')].filter(Boolean);
  return `${blocks.join('\n')}\n${page.paint.bold(`${counts.join(', ')}${hidden}`)}\n`;
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Nobody reads on after so many; the count still tells how many there are. */
const MOST = 100;

/** Columns of a sentence that quotes something endless. */
const LONGEST = 1_000;

interface Page extends FrameOptions {
  paint: ChalkInstance;
  lines: Map<string, Lines>;
}

function block(one: Problem, page: Page): string {
  const { paint } = page;
  const { message, hint } = sentence(one);
  const [first = '', ...more] = shownLines(message);
  const color = isWarning(one) ? paint.yellow : paint.red;
  const kind = `${isWarning(one) ? 'warning' : 'error'}[${one.code}]`;
  const out = [`${color.bold(kind)} ${paint.bold(first)}`, ...more.map((line) => `  ${line}`)];
  const marks = [
    ...(one.at
      ? [{ at: one.at, label: '', arrow: '-->', sign: '^', paint: color, hidesLine: one.hidesLine ?? false }]
      : []),
    ...(one.also ?? []).map(({ at, label }) => ({
      at,
      label,
      arrow: ':::',
      sign: '-',
      paint: paint.blue,
      hidesLine: false,
    })),
  ];
  const gutter = Math.max(2, ...marks.map(({ at }) => String(placeOf(at, page)?.line ?? '').length));
  for (const mark of marks) out.push(...marked(mark, gutter, page));
  if (hint) out.push(...help(hint, marks.length > 0 ? gutter : 0, page));
  return `${out.join('\n')}\n`;
}

interface Mark {
  at: Span;
  label: string;
  arrow: string;
  sign: string;
  paint: ChalkInstance;
  /** Only the place is told. */
  hidesLine: boolean;
}

function marked(mark: Mark, gutter: number, page: Page): string[] {
  const { at, label } = mark;
  const { paint } = page;
  const place = placeOf(at, page);
  const text = page.sources.get(at.file);
  const [file = ''] = cleanLines(at.file);
  if (!place || text === undefined) return [`${' '.repeat(gutter)}${paint.cyan(mark.arrow)} ${file}`];
  const head = `${' '.repeat(gutter)}${paint.cyan(mark.arrow)} ${file}:${place.line}:${place.column}`;
  if (mark.hidesLine) return [head];
  const room = Math.max(20, page.width - gutter - 4);
  const line = text.slice(place.start, place.end);
  const start = Math.min(at.start, text.length) - place.start;
  const shown = excerpt(
    line,
    Math.min(start, line.length),
    Math.max(start, Math.min(at.end - place.start, line.length)),
    room,
  );
  const margin = `${' '.repeat(gutter)} ${paint.cyan('|')}`;
  const signs = mark.sign.repeat(shown.length) + (label ? ` ${label}` : '');
  return [
    head,
    margin,
    `${paint.cyan(`${String(place.line).padStart(gutter)} |`)} ${shown.text}`.trimEnd(),
    `${margin} ${' '.repeat(shown.column)}${mark.paint(signs)}`,
  ];
}

function help(hint: string, gutter: number, { paint }: Page): string[] {
  const [first = '', ...more] = shownLines(hint);
  const indent = ' '.repeat(gutter + 1);
  return [
    `${indent}${paint.cyan('=')} ${paint.bold('help:')} ${first}`,
    ...more.map((line) => `${indent}        ${line}`),
  ];
}

function shownLines(text: string): string[] {
  return cleanLines(text.slice(0, 4 * LONGEST)).map((line) => truncate(line, LONGEST));
}

function placeOf(at: Span, page: Page): ReturnType<Lines['at']> | undefined {
  const text = page.sources.get(at.file);
  if (text === undefined) return undefined;
  const known = page.lines.get(at.file);
  const lines = known ?? linesOf(text);
  if (!known) page.lines.set(at.file, lines);
  return lines.at(at.start);
}
