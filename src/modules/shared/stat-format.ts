import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';

/** What `stat` tells of a file: the letters of GNU, busybox and toybox (stat(1) of coreutils), and those of BSD and macOS (stat(1) of FreeBSD). */
const letters = {
  mode: ['%f', '%Xp'],
  uid: ['%u', '%u'],
  gid: ['%g', '%g'],
  size: ['%s', '%z'],
  mtime: ['%Y', '%m'],
  atime: ['%X', '%a'],
  ctime: ['%Z', '%c'],
  inode: ['%i', '%i'],
  dev: ['%d', '%d'],
  nlink: ['%h', '%l'],
  owner: ['%U', '%Su'],
  group: ['%G', '%Sg'],
  name: ['%n', '%N'],
} as const;

/** Something that `stat` tells; the mode is the whole number of type and permissions, in hex, times are seconds since 1970. */
export type StatField = keyof typeof letters;

/**
 * Sets `play_form` to the format in the host's own letters: `stat $play_as "$play_form" …` prints it. `form` makes the format, given the
 * letters of each field.
 */
export function statFormat(form: (letter: (field: StatField) => string) => string): Sh {
  const [gnu, bsd] = [0, 1].map((family) => form((field) => letters[field][family as 0 | 1]));
  return sh`if [ "$play_as" = -c ]; then play_form=${gnu ?? ''}; else play_form=${bsd ?? ''}; fi`;
}
