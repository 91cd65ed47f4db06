import { posix } from 'node:path';
import type { Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { raw, sh } from '../../program/sh.ts';
import { kindFields, kindOf, permissionFields } from './file-kind.ts';
import { statFormat } from './stat-format.ts';

/** The fields of `stat`, with a sentence each. */
export const statFields = {
  'stat.exists': 'Whether there is something at the path.',
  'stat.path': 'The path that was asked for.',
  ...named(kindFields),
  'stat.mode': 'Permissions as four octal digits.',
  'stat.uid': 'Number of the owner.',
  'stat.gid': 'Number of the group.',
  'stat.pw_name': 'Name of the owner.',
  'stat.gr_name': 'Name of the group.',
  'stat.size': 'Length in bytes.',
  'stat.mtime': 'Time of the last change of the content, in seconds since 1970.',
  'stat.atime': 'Time of the last reading, in seconds since 1970.',
  'stat.ctime': 'Time of the last change of content or attributes, in seconds since 1970.',
  'stat.inode': 'Number of the inode.',
  'stat.dev': 'Number of the device that it is on.',
  'stat.nlink': 'How many names the file has.',
  ...named(permissionFields),
  'stat.readable': 'Whether the user of the task may read it.',
  'stat.writeable': 'Whether the user of the task may write it.',
  'stat.executable': 'Whether the user of the task may run or enter it.',
  'stat.lnk_target': 'What a link holds.',
  'stat.lnk_source': 'The path that a link leads to in the end.',
  'stat.checksum': 'The sum of a regular file, sha256 when no other was asked for.',
};

const format = statFormat((letter) =>
  [
    `raw ${letter('mode')}`,
    ...(['uid', 'gid', 'size', 'mtime', 'atime', 'ctime', 'inode', 'dev', 'nlink'] as const).map(
      (field) => `${field} ${letter(field)}`,
    ),
    `pw_name ${letter('owner')}`,
    `gr_name ${letter('group')}`,
  ].join('\n'),
);

/** Prints the path that `play_d` is in the end, without links among its directories. */
const canonical = raw(`if [ -d "$play_d" ] && cd -P -- "$play_d" 2>/dev/null; then pwd -P
else case $play_d in (*/*) cd -P -- "\${play_d%/*}/" 2>/dev/null ;; esac && play_x=$(pwd -P) && printf '%s\\n' "\${play_x%/}/\${play_d##*/}"; fi`);

/** Prints one `name value` a line, only `absent` for what does not exist; fails where it cannot be known. */
export function statText(path: string, { follow, checksum }: { follow: boolean; checksum?: Algorithm }): Sh {
  const there = follow ? sh`[ -e ${path} ]` : sh`[ -e ${path} ] || [ -L ${path} ]`;
  const link = sh`if [ -L ${path} ]; then
play_real ${path} 2>/dev/null && play_target=$(${canonical}) && printf '%s\\n' "$play_target" | LC_ALL=C sed 's/^/lnk_source /'
readlink -- ${path} | LC_ALL=C sed 's/^/lnk_target /'
fi`;
  const sum = sh`if ${raw(follow ? '' : sh`[ ! -L ${path} ] && `.sh)}[ -f ${path} ] && [ -r ${path} ]; then ${sumOf(path, checksum)} && echo "checksum \${play_s#sha256 }"; fi`;
  return sh`if ${there}; then
${format}
LC_ALL=C stat${raw(follow ? ' -L' : '')} $play_as "$play_form" -- ${path} && {
if [ -r ${path} ]; then echo 'readable true'; fi
if [ -w ${path} ]; then echo 'writeable true'; fi
if [ -x ${path} ]; then echo 'executable true'; fi
${checksum === undefined ? raw('') : raw(`${sum.sh}\n`)}${follow ? raw('') : raw(`${link.sh}\n`)}}
else
play_locked=
for play_above in ${ancestors(path)}; do if [ -d "$play_above" ]; then if [ ! -x "$play_above" ]; then play_locked=$play_above; fi; break; fi; done
if [ -n "$play_locked" ]; then printf '%s\\n' "no permission to look into $play_locked" >&2; false; else echo absent; fi
fi`;
}

/** What a sum is made with. */
export type Algorithm = (typeof algorithms)[number];

/** All that every system has a program for. */
export const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

/** Sets `play_s`. The runtime knows sha256; for others there is a program of that name, or openssl. */
function sumOf(path: string, algorithm: Algorithm = 'sha256'): Sh {
  if (algorithm === 'sha256') return sh`play_sum 0 ${path}`;
  return sh`play_tool=${`${algorithm}sum`} &&
{ command -v $play_tool >/dev/null 2>&1 || play_tool=${`openssl dgst -r -${algorithm}`}; } &&
play_s=$($play_tool <${path}) && play_s=\${play_s%%[ *]*}`;
}

/** Turns the text back into fields. Every field is there whatever was found. */
export function readStat(path: string, stdout: string): Fields {
  const found = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const [name, value] = [line.slice(0, space), line.slice(space + 1)];
    // A text of several lines has its name before each.
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  const rawMode = found.get('raw');
  const mode = rawMode === undefined ? undefined : Number.parseInt(rawMode, 16);
  const number = (name: string): number | null => (found.has(name) ? Number(found.get(name)) : null);
  const string = (name: string): string | null => found.get(name) ?? null;
  return {
    exists: mode !== undefined,
    path,
    ...kindOf(mode),
    uid: number('uid'),
    gid: number('gid'),
    pw_name: string('pw_name'),
    gr_name: string('gr_name'),
    size: number('size'),
    mtime: number('mtime'),
    atime: number('atime'),
    ctime: number('ctime'),
    inode: number('inode'),
    dev: number('dev'),
    nlink: number('nlink'),
    readable: found.has('readable'),
    writeable: found.has('writeable'),
    executable: found.has('executable'),
    lnk_target: string('lnk_target'),
    lnk_source: string('lnk_source'),
    checksum: string('checksum'),
  };
}

/** Names of fields within `stat`. */
function named(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, sentence]) => [`stat.${name}`, sentence]));
}

/** The directories above a path, nearest first. */
function ancestors(path: string): string[] {
  const list: string[] = [];
  for (let up = posix.dirname(path); ; up = posix.dirname(up)) {
    list.push(up);
    if (up === posix.dirname(up)) return list;
  }
}
