import type { ParamDeclaration } from '../model/param.ts';
import { type Block, isBlock, type Node, type Playbook } from '../model/playbook.ts';
import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';
import type { Style } from './style.ts';

/** What `play list` tells. */
export interface BookOutline {
  /** Of a folder. */
  playbooks: { file: string; name: string; plays: number }[];
  /** Of one file. */
  playbook?: Playbook;
  roles: RoleOutline[];
  libraries: { name: string; from: string }[];
}

/** A role, and what it can be given. */
export interface RoleOutline {
  name: string;
  from: string;
  description?: string;
  params: ParamDeclaration[];
}

/** The lines of `play list`; none when there is nothing. */
export function outlineLines({ playbooks, playbook, roles, libraries }: BookOutline, style: Style): string[] {
  const commands = columns(
    (playbook?.commands ?? []).map(({ name, help }) => [style.bold(cleanText(name)), cleanText(help ?? '')]),
  );
  const plays = (playbook?.plays ?? []).flatMap((play) => [
    `${style.bold(cleanText(play.name))} ${style.symbols.dot} ${cleanText(play.hosts.value)}`,
    ...columns([
      ...play.nodes.flatMap((node) => cellsOf(node, style)),
      ...play.handlers.flatMap((task) => cellsOf(task, style, { what: 'handler' })),
    ]),
  ]);
  const books = columns(
    playbooks.map(({ file, name, plays: count }) => [
      style.bold(cleanText(file)),
      `${name === file ? '' : `${cleanText(name)} ${style.symbols.dot} `}${count === 1 ? '1 play' : `${count} plays`}`,
    ]),
  );
  const reports = columns(
    (playbook?.reports ?? []).map(({ on, mail, webhook }) => [
      on.join(', '),
      [mail && 'mail', webhook && 'webhook'].filter(Boolean).join(', '),
    ]),
  );
  const places = columns(libraries.map(({ name, from }) => [style.bold(cleanText(name)), style.dim(cleanText(from))]));
  const blocks = [
    titled('commands', commands),
    plays,
    titled('reports', reports),
    titled('playbooks', books),
    titled('roles', roleLines(roles, style)),
    titled('libraries', places),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i > 0 ? ['', ...block] : block));
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

/** A task in a line; under a block, an include or a role what is in it. */
function cellsOf(node: Node, style: Style, { what, depth = 0 }: { what?: string; depth?: number } = {}): string[][] {
  const tags = 'tags' in node ? node.tags : [];
  const head = [
    style.dim(node.id),
    `${'  '.repeat(depth)}${cleanText(node.name)}`,
    style.dim(cleanText(what ?? (isBlock(node) ? node.kind : node.module))),
    tags.length > 0 ? style.cyan(tags.join(', ')) : '',
  ];
  return isBlock(node) ? [head, ...inside(node, style, depth + 1)] : [head];
}

function inside({ bodies, rescue, always }: Block, style: Style, depth: number): string[][] {
  return [
    ...bodies.flatMap(({ nodes }) => nodes.flatMap((node) => cellsOf(node, style, { depth }))),
    ...bodies.flatMap(({ handlers }) => handlers.flatMap((task) => cellsOf(task, style, { what: 'handler', depth }))),
    ...rescue.flatMap((node) => cellsOf(node, style, { what: 'rescue', depth })),
    ...always.flatMap((node) => cellsOf(node, style, { what: 'always', depth })),
  ];
}

/** A role in a line, and what it can be given below. */
function roleLines(roles: readonly RoleOutline[], style: Style): string[] {
  const heads = columns(
    roles.map(({ name, from, description }) => [
      style.bold(cleanText(name)),
      cleanText(description ?? ''),
      style.dim(cleanText(from)),
    ]),
  );
  return roles.flatMap(({ params }, i) => [
    heads[i] ?? '',
    ...columns(params.map((param) => paramCells(param, style))),
  ]);
}

function paramCells(param: ParamDeclaration, style: Style): string[] {
  return [
    `  ${style.cyan(cleanText(param.name))}`,
    style.dim(param.type),
    param.required ? style.yellow('required') : presetOf(param),
    cleanText(param.help ?? ''),
  ];
}

function presetOf({ default: preset, secret }: ParamDeclaration): string {
  if (preset === undefined) return '';
  return secret ? 'default ***' : `default ${cleanText(typeof preset === 'string' ? preset : JSON.stringify(preset))}`;
}

/** Cells below each other, indented. */
function columns(rows: readonly string[][]): string[] {
  const bare = (text: string): number => textWidth(text.replaceAll(/\x1b\[[0-9;]*m/g, ''));
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => bare(row[i] ?? ''))));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - bare(cell)))).join('  ')}`.trimEnd(),
  );
}
