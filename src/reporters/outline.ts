import type { Playbook, Task } from '../model/playbook.ts';
import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';
import type { Style } from './style.ts';

/** What `play list` tells. */
export interface BookOutline {
  /** Of a folder. */
  playbooks: { file: string; name: string; plays: number }[];
  /** Of one file. */
  playbook?: Playbook;
  roles: { name: string; from: string }[];
  libraries: { name: string; from: string }[];
}

/** The lines of `play list`; none when there is nothing. */
export function outlineLines({ playbooks, playbook, roles, libraries }: BookOutline, style: Style): string[] {
  const plays = (playbook?.plays ?? []).flatMap((play) => [
    `${style.bold(cleanText(play.name))} ${style.symbols.dot} ${cleanText(play.hosts.value)}`,
    ...columns([
      ...play.tasks.map((task) => taskCells(task, style)),
      ...play.handlers.map((task) => taskCells(task, style, 'handler')),
    ]),
  ]);
  const books = columns(
    playbooks.map(({ file, name, plays: count }) => [
      style.bold(cleanText(file)),
      `${name === file ? '' : `${cleanText(name)} ${style.symbols.dot} `}${count === 1 ? '1 play' : `${count} plays`}`,
    ]),
  );
  const places = (rows: BookOutline['roles']): string[] =>
    columns(rows.map(({ name, from }) => [style.bold(cleanText(name)), style.dim(cleanText(from))]));
  const blocks = [
    plays,
    titled('playbooks', books),
    titled('roles', places(roles)),
    titled('libraries', places(libraries)),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i > 0 ? ['', ...block] : block));
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function taskCells({ id, name, module, tags }: Task, style: Style, what = module): string[] {
  return [
    style.dim(id),
    cleanText(name),
    style.dim(cleanText(what)),
    tags.length > 0 ? style.cyan(tags.join(', ')) : '',
  ];
}

/** Cells below each other, indented. */
function columns(rows: readonly string[][]): string[] {
  const bare = (text: string): number => textWidth(text.replaceAll(/\x1b\[[0-9;]*m/g, ''));
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => bare(row[i] ?? ''))));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - bare(cell)))).join('  ')}`.trimEnd(),
  );
}
