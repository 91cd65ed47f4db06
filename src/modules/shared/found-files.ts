import type { Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { whereExtended } from './extended-regex.ts';
import { kindOf } from './file-kind.ts';
import { type StatField, statFormat } from './stat-format.ts';

/** What is looked for below some directories. The host's `find` leaves out what it can tell; what it prints may still be too much. */
export interface Search {
  /** As `hostPath` gives them. */
  paths: readonly string[];
  type: 'file' | 'directory' | 'link' | 'any';
  /** Shell patterns of names; of one with `?` or `[` the host knows only a part, because it may count bytes. */
  names: readonly string[];
  hidden: boolean;
  /** How many levels down; undefined: all. */
  depth?: number;
  /** Go into directories that links lead to. */
  follow: boolean;
  /** Bytes: at least this many, negative: at most. */
  size?: number;
  /** An extended regular expression for the start of a line. */
  contains?: string;
  checksum: boolean;
}

/** Something that was found. */
export interface Found {
  path: string;
  name: string;
  mode: number;
  size: number;
  times: { atime: number; mtime: number; ctime: number };
  fields: Fields;
}

/** Everything that the host said. */
export interface Answer {
  /** Seconds since 1970 on the host. */
  now: number;
  found: Found[];
  /** Directories that could not be looked through, or not all of them, and why. */
  skipped: Record<string, string>;
}

const typeLetters = { file: 'f', directory: 'd', link: 'l' };
/** A path never holds two slashes in a row here, so they end one, whatever its names are made of. */
const format = statFormat((letter) => {
  const fields = [
    'mode',
    'uid',
    'gid',
    'size',
    'mtime',
    'atime',
    'ctime',
    'inode',
    'dev',
    'nlink',
    'owner',
    'group',
    'name',
  ];
  return `file|${(fields as StatField[]).map(letter).join('|')}//`;
});

/** Prints what is found, one record after the other, each ended by two slashes and a newline. */
export function searchText(search: Search): Sh {
  const looks = search.paths.map((path, i) => {
    const root = rootOf(path);
    return sh`printf 'root|${i}//\\n'
if [ ! -d ${root} ]; then printf 'skip|is not a directory//\\n'
else
{ play_said=$(LC_ALL=C find ${raw(search.follow ? '-L ' : '')}${root} ${conditions(search)} -exec stat $play_as "$play_form" {} + ${sums(search)}2>&1 >&9); } 9>&1 ||
printf 'skip|%s//\\n' "\${play_said:-cannot be looked through}"
fi`;
  });
  const all = joinSh([sh`date '+now|%s//'`, format, ...looks]);
  return search.contains === undefined ? all : whereExtended(fromStart(search.contains), all);
}

const fromStart = (pattern: string): string => `^(${pattern})`;

/** The directory with a dot behind it: a link to a directory is looked through, and what is below can be told from what leads there. */
function rootOf(path: string): string {
  return `${path.replace(/\/+/g, '/').replace(/\/$/, '')}/.`;
}

function conditions(search: Search): Sh {
  const { type, names, hidden, depth, follow, size, contains } = search;
  const parts: Sh[] = [sh`! -name .`];
  if (depth !== undefined) {
    const level = `*/./${'*/'.repeat(depth - 1)}*`;
    parts.push(sh`\\( -path ${level} -prune -o -path '*' \\)`);
  }
  if (!hidden) parts.push(sh`! -name '.*'`);
  const wide = [...new Set(names.map(widen))];
  if (wide.length > 0 && !wide.includes('*')) {
    parts.push(
      sh`\\( ${joinSh(
        wide.map((name) => sh`-name ${name}`),
        ' -o ',
      )} \\)`,
    );
  }
  // Where links are followed, the type and the size that `find` knows are those of what they lead to.
  if (!follow && type !== 'any') parts.push(sh`-type ${typeLetters[type]}`);
  if (!follow && size !== undefined && size !== 0) {
    const bytes = raw(size > 0 ? `-size +${size - 1}c` : `-size -${1 - size}c`);
    if (type === 'file') parts.push(bytes);
    if (type === 'any') parts.push(sh`\\( ! -type f -o ${bytes} \\)`);
  }
  if (contains !== undefined) parts.push(sh`-exec grep -qE -e ${fromStart(contains)} {} \\;`);
  return joinSh(parts, ' ');
}

/** A pattern that fits at least as much, without what counts bytes: `find` reads a backslash as quoting, too. */
function widen(pattern: string): string {
  return pattern.replaceAll('\\', '\\\\').replaceAll(/\[[!^]?\]?[^\]]*\]|\?/g, '?*');
}

function sums({ checksum }: Search): Sh {
  if (!checksum) return raw('');
  const each =
    'play_tool=$1; shift; for play_one do play_is=$($play_tool <"$play_one") && printf "sum|%s|%s//\\n" "${play_is%%[ *]*}" "$play_one"; done';
  return sh`-type f -exec sh -c ${each} sh "$play_sumtool" {} + `;
}

/** Reads the records back. */
export function readFound(stdout: string, { paths }: Search): Answer {
  const answer: Answer = { now: 0, found: [], skipped: {} };
  const byName = new Map<string, Found>();
  let path = '';
  for (const record of stdout.split('//\n')) {
    const [kind, ...words] = record.split('|');
    if (kind === 'now') answer.now = Number(words[0]);
    else if (kind === 'root') path = paths[Number(words[0])] ?? '';
    else if (kind === 'skip') answer.skipped[path] = firstLine(words.join('|'));
    else if (kind === 'sum') {
      const found = byName.get(words.slice(1).join('|'));
      if (found !== undefined && (found.mode & 0o170000) === 0o100000) found.fields['checksum'] = words[0] ?? null;
    } else if (kind === 'file') {
      const found = readEntry(words, path);
      byName.set(words.slice(12).join('|'), found);
      answer.found.push(found);
    }
  }
  return answer;
}

/** A reason in one line: `find` gives one for each directory that it cannot enter. */
function firstLine(reasons: string): string {
  const [first = '', ...others] = reasons.trim().split('\n');
  return first.replace('/./', '/') + (others.length > 0 ? ` (and ${others.length} more)` : '');
}

function readEntry(words: string[], root: string): Found {
  const mode = Number.parseInt(words[0] ?? '', 16);
  const [uid = 0, gid = 0, size = 0, mtime = 0, atime = 0, ctime = 0, inode = 0, dev = 0, nlink = 0] = words
    .slice(1, 10)
    .map(Number);
  const below = words
    .slice(12)
    .join('|')
    .slice(rootOf(root).length + 1);
  const path = `${rootOf(root).slice(0, -1)}${below}`;
  const times = { mtime, atime, ctime };
  const names = { pw_name: words[10] ?? '', gr_name: words[11] ?? '' };
  const fields = { path, ...kindOf(mode), uid, gid, ...names, size, ...times, inode, dev, nlink };
  return { path, name: below.slice(below.lastIndexOf('/') + 1), mode, size, times, fields };
}
