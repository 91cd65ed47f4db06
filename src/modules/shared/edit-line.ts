import type { EditResult } from '../../model/resource.ts';
import type { Place } from './edit.ts';
import type { Match, Regex } from './regex.ts';
import type { Replacement } from './replacement.ts';
import { chomp, linesOf } from './text.ts';

/** One line that is to be there. */
export interface LineWanted {
  line: string;
  /** The line that it takes the place of: the last one that fits, with `first` the first. */
  instead?: Regex | string;
  /** Makes the new line from the match; without a match nothing is done. */
  expand?: Replacement;
  place: Place;
  first: boolean;
  create: boolean;
}

/** Makes sure of one line, by the rules of Ansible's lineinfile. */
export function ensureLine(text: string | undefined, wanted: LineWanted): EditResult {
  if (text === undefined && !wanted.create) return { failure: 'the file does not exist; create: true makes it' };
  const lines = linesOf(text ?? '');
  const hit = findTarget(lines, wanted);
  if (hit !== undefined) {
    const line = hit.match && wanted.expand ? wanted.expand(hit.match) : wanted.line;
    return replaceLine(lines, hit.index, line);
  }
  const { same, anchor } = scan(lines, wanted);
  if (same !== undefined) return replaceLine(lines, same, wanted.line);
  if (wanted.expand) return { text, fields: { msg: '', found: 0 } };
  return insertLine(lines, wanted, anchor);
}

/** Takes out every line that fits. */
export function removeLines(text: string | undefined, fits: (line: string) => boolean): EditResult {
  if (text === undefined) return { text, fields: { msg: 'file not present', found: 0 } };
  const lines = linesOf(text);
  const rest = lines.filter((line) => !fits(line));
  const found = lines.length - rest.length;
  return { text: rest.join(''), fields: { msg: found === 0 ? '' : `${found} line(s) removed`, found } };
}

function findTarget(lines: string[], { instead, first }: LineWanted): { index: number; match?: Match } | undefined {
  if (instead === undefined) return undefined;
  const fits = (line: string): boolean => (typeof instead === 'string' ? line.includes(instead) : instead.test(line));
  const index = first ? lines.findIndex(fits) : lines.findLastIndex(fits);
  const line = lines[index];
  if (line === undefined) return undefined;
  const match = typeof instead === 'string' ? undefined : instead.find(line);
  return { index, ...(match && { match }) };
}

/** Looks for the line itself and for the one it goes to; with `first` the search ends at the first place to go to. */
function scan(lines: string[], { line, place, first }: LineWanted): { same?: number; anchor?: number } {
  const pattern = typeof place === 'string' ? undefined : 'after' in place ? place.after : place.before;
  const found: { same?: number; anchor?: number } = {};
  for (const [i, current] of lines.entries()) {
    if (chomp(current) === line) found.same = i;
    else if (pattern?.test(current)) {
      found.anchor = i;
      if (first) break;
    }
  }
  return found;
}

function replaceLine(lines: string[], index: number, line: string): EditResult {
  const ended = line.endsWith('\n') ? line : `${line}\n`;
  const changed = lines[index] !== ended;
  return {
    text: changed ? lines.with(index, ended).join('') : lines.join(''),
    fields: { msg: changed ? 'line replaced' : '', found: 1 },
  };
}

function insertLine(lines: string[], { line, place }: LineWanted, anchor: number | undefined): EditResult {
  const after = typeof place !== 'string' && 'after' in place;
  const at = place === 'start' ? 0 : anchor === undefined ? lines.length : after ? anchor + 1 : anchor;
  const next = lines[at];
  if (after && anchor !== undefined && next !== undefined && chomp(next) === line) {
    return { text: lines.join(''), fields: { msg: '', found: 1 } };
  }
  const before = lines.slice(0, at);
  const last = before.at(-1);
  // A last line without its newline must not run into the new one.
  if (last !== undefined && !last.endsWith('\n')) before[before.length - 1] = `${last}\n`;
  return { text: [...before, `${line}\n`, ...lines.slice(at)].join(''), fields: { msg: 'line added', found: 0 } };
}
