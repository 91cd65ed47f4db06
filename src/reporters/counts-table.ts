import { padEnd, padStart, textWidth, truncate } from '../util/text-width.ts';
import { andMore, someHosts } from './names.ts';
import type { Style } from './style.ts';
import type { Ending, HostCounts } from './tally.ts';

/** In the order of the columns. `ok` and `changed` always stand there, the others when a host has some. */
const COLUMNS: readonly Ending[] = [
  'ok',
  'changed',
  'would-change',
  'skipped',
  'unknown',
  'ignored',
  'rescued',
  'failed',
  'unreachable',
  'cancelled',
];
/** With more hosts than this, those with equal counts share a row. */
const SINGLE_ROWS = 16;
/** Columns that a row's hosts may take. */
const WIDEST_NAME = 32;
const GAP = '  ';

/** How many steps of each host ended how, aligned; hosts in trouble first when rows are shared. */
export function countsTable(
  counts: ReadonlyMap<string, HostCounts>,
  { style, check }: { style: Style; check: boolean },
): string[] {
  const always: Ending[] = check ? ['ok', 'would-change'] : ['ok', 'changed'];
  const columns = COLUMNS.filter(
    (status) => always.includes(status) || [...counts.values()].some((c) => c[status] > 0),
  );
  const rows = rowsOf(counts);
  const names = rows.map(({ hosts }) => truncate(nameOf(hosts), WIDEST_NAME, style.symbols.ellipsis));
  const nameWidth = Math.max(0, ...names.map(textWidth));
  const title = (status: Ending): string => (status === 'would-change' ? 'would change' : status);
  const width = (status: Ending): number => Math.max(title(status).length, 4);
  const header = columns.map((status) => padStart(title(status), width(status))).join(GAP);
  const lines = rows.map(({ counts: c }, i) => {
    const cells = columns.map((status) => cell(c[status], status, { style, width: width(status) }));
    return `${padEnd(names[i] ?? '', nameWidth)}${GAP}${cells.join(GAP)}`;
  });
  return [style.dim(`${' '.repeat(nameWidth)}${GAP}${header}`), ...lines];
}

interface Row {
  hosts: string[];
  counts: HostCounts;
}

function rowsOf(counts: ReadonlyMap<string, HostCounts>): Row[] {
  const single = [...counts].map(([host, c]) => ({ hosts: [host], counts: c }));
  if (single.length <= SINGLE_ROWS) return single;
  const shared = new Map<string, Row>();
  for (const row of single) {
    const key = COLUMNS.map((status) => row.counts[status]).join(' ');
    const same = shared.get(key);
    if (same) same.hosts.push(...row.hosts);
    else shared.set(key, row);
  }
  const weight = ({ counts: c }: Row): number =>
    c.failed + c.unreachable + c.unknown + c.cancelled > 0 ? 0 : c.changed > 0 ? 1 : 2;
  return [...shared.values()].sort((a, b) => weight(a) - weight(b));
}

function nameOf(hosts: readonly string[]): string {
  const both = hosts.length === 2 ? someHosts(hosts, 2) : '';
  return both !== '' && textWidth(both) <= WIDEST_NAME ? both : andMore(hosts);
}

function cell(count: number, status: Ending, { style, width }: { style: Style; width: number }): string {
  if (count === 0) return style.dim(padStart(style.symbols.none, width));
  const text = padStart(String(count), width);
  return status === 'ok' || status === 'skipped'
    ? text
    : (status === 'ignored' || status === 'rescued' ? style.yellow : style.status[status])(text);
}
