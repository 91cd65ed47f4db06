import type { EditResult } from '../../model/resource.ts';
import { chomp, linesOf } from './text.ts';

/** One limit of limits.conf(5). */
export interface Limit {
  domain: string;
  type: string;
  item: string;
  value: string;
  /** Empty: that of the line that is there. */
  comment: string;
  /** Which value stays when there is one already: the new one, the larger or the smaller. */
  prefer: 'new' | 'max' | 'min';
}

/** Makes sure of one limit, by the rules of Ansible's pam_limits: its line is rewritten only for another value. */
export function ensureLimit(text: string | undefined, limit: Limit): EditResult {
  const lines = linesOf(text ?? '');
  let found = false;
  let msg = '';
  const made = lines.map((line) => {
    const [bare = '', ...comment] = chomp(line).split('#');
    const [domain, type, item, value = '', ...more] = bare.trim().split(/\s+/);
    if (domain !== limit.domain || type !== limit.type || item !== limit.item || more.length > 0) return line;
    found = true;
    const wanted = preferred(limit, value);
    if (wanted === value) return line;
    msg = limitLine({ ...limit, value: wanted, comment: limit.comment || comment.join('#') });
    return `${msg}\n`;
  });
  if (!found) {
    msg = limitLine(limit);
    const last = made.at(-1);
    // A last line without its newline must not run into the new one.
    if (last !== undefined && !last.endsWith('\n')) made[made.length - 1] = `${last}\n`;
    made.push(`${msg}\n`);
  }
  return { text: made.join(''), fields: { msg } };
}

function limitLine({ domain, type, item, value, comment }: Limit): string {
  return [domain, type, item, value, ...(comment === '' ? [] : [`#${comment}`])].join('\t');
}

function preferred({ item, value, prefer }: Limit, old: string): string {
  if (prefer === 'new') return value;
  const size = (text: string): number =>
    !['nice', 'priority'].includes(item) && ['unlimited', 'infinity', '-1'].includes(text) ? Infinity : Number(text);
  const isBetter = prefer === 'max' ? size(value) > size(old) : size(value) < size(old);
  return isBetter ? value : old;
}
