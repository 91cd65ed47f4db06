import { cleanText } from '../util/clean-text.ts';
import { textWidth } from '../util/text-width.ts';
import type { Problem } from './problem.ts';
import type { FactsOf } from './words/index.ts';

/** Rows of hosts beyond these are counted only. */
const MOST_ROWS = 20;

/**
 * A table of the hosts that lack variables which other hosts have; hosts that lack the same share a row. Empty where the problems
 * themselves say it as shortly: one name.
 */
export function lackingTable(problems: readonly Problem[]): string {
  const lacking = new Map<string, Set<string>>();
  for (const { code, facts } of problems) {
    if (code !== 'E_NAME_UNKNOWN') continue;
    const { name, hosts, of } = facts as FactsOf<'E_NAME_UNKNOWN'>;
    if (hosts.length < of) lacking.set(name, new Set([...(lacking.get(name) ?? []), ...hosts]));
  }
  if (lacking.size < 2) return '';
  const names = [...lacking.keys()].sort();
  const rows = new Map<string, string[]>();
  for (const host of [...new Set([...lacking.values()].flatMap((hosts) => [...hosts]))].sort()) {
    const cells = names.map((name) => (lacking.get(name)?.has(host) ? 'lacks' : 'has')).join(' ');
    rows.set(cells, [...(rows.get(cells) ?? []), host]);
  }
  const table = [
    ['', ...names],
    ...[...rows].slice(0, MOST_ROWS).map(([cells, hosts]) => [shortly(hosts), ...cells.split(' ')]),
  ].map((row) => row.map((cell) => cleanText(cell)));
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => textWidth(row[column] ?? ''))));
  const lines = table.map((row) =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - textWidth(cell))).join('  ')}`.trimEnd(),
  );
  const more = rows.size - MOST_ROWS;
  return `which hosts lack what:\n${lines.join('\n')}\n${more > 0 ? `  and ${more} more rows\n` : ''}`;
}

function shortly(hosts: readonly string[]): string {
  return hosts.length <= 3 ? hosts.join(', ') : `${hosts.slice(0, 2).join(', ')} and ${hosts.length - 2} more`;
}
