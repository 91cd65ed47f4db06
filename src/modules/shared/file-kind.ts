import type { Fields } from '../../model/value.ts';

/** What the number of a file says: its type and its permissions (POSIX, sys/stat.h; the values are those of every system there is). */
const types = {
  isreg: 0o100000,
  isdir: 0o040000,
  islnk: 0o120000,
  isfifo: 0o010000,
  issock: 0o140000,
  isblk: 0o060000,
  ischr: 0o020000,
};

const permissions = {
  rusr: 0o400,
  wusr: 0o200,
  xusr: 0o100,
  rgrp: 0o040,
  wgrp: 0o020,
  xgrp: 0o010,
  roth: 0o004,
  woth: 0o002,
  xoth: 0o001,
  isuid: 0o4000,
  isgid: 0o2000,
};

/** One field for each type, the permissions as four digits, and one field for each of them. undefined: there is no file, and nothing is so. */
export function kindOf(mode: number | undefined): Fields {
  const digits = mode === undefined ? null : (mode & 0o7777).toString(8).padStart(4, '0');
  return {
    ...flags(types, (bits) => mode !== undefined && (mode & 0o170000) === bits),
    mode: digits,
    ...flags(permissions, (bits) => mode !== undefined && (mode & bits) !== 0),
  };
}

function flags(names: Record<string, number>, holds: (bits: number) => boolean): Fields {
  return Object.fromEntries(Object.entries(names).map(([name, bits]) => [name, holds(bits)]));
}

/** The fields of `kindOf` beside the mode, with a sentence each. */
export const kindFields = {
  isreg: 'Whether it is a regular file.',
  isdir: 'Whether it is a directory.',
  islnk: 'Whether it is a symbolic link.',
  isfifo: 'Whether it is a named pipe.',
  issock: 'Whether it is a socket.',
  isblk: 'Whether it is a block device.',
  ischr: 'Whether it is a character device.',
};

/** The fields of `kindOf` on what may be done with it, with a sentence each. */
export const permissionFields = {
  rusr: 'Whether its owner may read it.',
  wusr: 'Whether its owner may write it.',
  xusr: 'Whether its owner may run or enter it.',
  rgrp: 'Whether its group may read it.',
  wgrp: 'Whether its group may write it.',
  xgrp: 'Whether its group may run or enter it.',
  roth: 'Whether others may read it.',
  woth: 'Whether others may write it.',
  xoth: 'Whether others may run or enter it.',
  isuid: 'Whether it runs as its owner.',
  isgid: 'Whether it runs as its group.',
};
